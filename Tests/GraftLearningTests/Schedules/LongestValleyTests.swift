import GraftLearning
import Testing

/// Against fastai's own function: `tools/reference/valley_fixtures.py`.
@Suite struct LongestValleyTests {
  struct Content: Decodable {
    struct Case: Decodable, CustomTestStringConvertible {
      let title: String
      let losses: [Double]
      let index: Int

      var testDescription: String { title }
    }

    let cases: [Case]
  }

  @Test func `the place is fastai's`() throws {
    let cases = try fixture("valleys.json", as: Content.self).cases
    #expect(cases.count == 12)
    for one in cases {
      let found = LongestValley.index(in: one.losses)
      #expect(found == one.index, "\(one.title)")
    }
  }

  @Test func `a fall without a break is entered half way`() {
    // 12 losses, each below the last: a third is 4, half of it 2, from the place before the first.
    #expect(LongestValley.index(in: (0..<12).map { -Double($0) }) == 5)
    #expect(LongestValley.index(in: [Double](repeating: 1, count: 8)) == 0)
  }
}
