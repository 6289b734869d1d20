import Foundation
import Testing

@testable import GraftTraining

@Suite struct JSONNumbersTests {
  private func first(_ json: String) -> String? {
    JSONNumbers.first(in: Data(json.utf8)) { abs($0) > 100 }
  }

  @Test(arguments: [
    (#"{"a": [1, -7, 2.5e1], "b": 101}"#, "101"), (#"[-1e3]"#, "-1e3"), (#"{"n":1E+300}"#, "1E+300"),
    (#"["say \"no\" \\", 4444]"#, "4444"), ("12345", "12345"),
  ])
  func `a number is found wherever it stands`(json: String, number: String) {
    #expect(first(json) == number)
  }

  @Test(arguments: [
    #"{"a": "999", "777": [1, 2], "b": "\"888, \\"}"#, "[]", "", "\"999", #""999\"#, "[1e1, -0.5, true, null]",
  ])
  func `strings, words and what ends too early hold none`(json: String) {
    #expect(first(json) == nil)
  }
}
