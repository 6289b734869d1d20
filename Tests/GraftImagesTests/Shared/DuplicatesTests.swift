import Testing

@testable import GraftImages

/// What was found by looking at the pairs: one picture twice among the dogs, and no other in any set.
@Suite(.enabled(if: SharedMaterial.url("data/dog-cat") != nil, "needs ../shared/data beside the checkout"))
struct DuplicatesTests {
  @Test(arguments: [
    ("dog-cat", [["dog/dog.180.jpg", "dog/dog.74.jpg"]]), ("hymenoptera", []), ("sign-language-digits", []),
  ])
  func `the one picture that is there twice`(name: String, expected: [[String]]) async throws {
    let sets = try ImageDatasets.open(try #require(SharedMaterial.url("data/\(name)")), seed: 1)
    let survey = try await sets.survey()
    #expect(survey.duplicates.map { $0.members.map { survey.entries[$0].sample.path }.sorted() } == expected)
  }
}
