import Testing

@testable import GraftImages

struct SpellingTests {
  @Test func `the distance counts letters to insert, delete or replace`() {
    #expect(Spelling.distance("kitten", "sitting") == 3)
    #expect(Spelling.distance("", "abc") == 3)
    #expect(Spelling.distance("abc", "abc") == 0)
  }

  @Test func `only a near name is suggested`() {
    #expect(Spelling.closest(to: "Ant", in: ["bees", "ants"]) == "ants")
    #expect(Spelling.closest(to: "wasps", in: ["bees", "ants"]) == nil)
  }
}
