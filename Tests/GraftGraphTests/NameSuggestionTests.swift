import GraftGraph
import Testing

@Suite struct NameSuggestionTests {
  @Test func `the nearest names come first, and only those that are near`() {
    #expect(closestNames(to: "Ant", among: ["bees", "ants"]) == ["ants"])
    #expect(closestNames(to: "wasps", among: ["bees", "ants"]) == [])
    #expect(closestNames(to: "block5_conv", among: ["block5_conv1", "block5_pool", "fc1"]).first == "block5_conv1")
  }

  @Test func `a part of a name finds it`() {
    #expect(closestNames(to: "fire9", among: ["fire9/squeeze1x1", "fire9/expand1x1", "fire8/concat"]).count == 2)
  }

  @Test func `suggestions read as a question`() {
    #expect(didYouMean(["a", "b"]) == "; did you mean “a” or “b”?")
    #expect(didYouMean([]).isEmpty)
  }
}
