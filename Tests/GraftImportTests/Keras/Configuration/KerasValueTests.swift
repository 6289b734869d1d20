import Testing

@testable import GraftImport

@Suite struct KerasValueTests {
  private func refusal(_ text: String) -> String {
    message { _ = try KerasValue(parsing: text) }
  }

  @Test func `true is no number, and 1 is no truth`() throws {
    let value = try KerasValue(parsing: #"[true, 1, 0, false, null, 0.5, "1"]"#)
    #expect(
      value == .list([.bool(true), .number(1), .number(0), .bool(false), .null, .number(0.5), .text("1")]))
  }

  @Test func `whole numbers are those that a size may be`() throws {
    let value = try KerasValue(parsing: "[7, -1, 7.0, 7.5, 4611686018427387904, -9223372036854775808, 1e300, true]")
    #expect(value.list?.map(\.integer) == [7, -1, 7, nil, nil, nil, nil, nil])
  }

  @Test func `what is no JSON is refused`() {
    #expect(refusal("{\"a\": ") == #"unreadable("it is not the JSON that it should be")"#)
    #expect(refusal("") == #"unreadable("it is not the JSON that it should be")"#)
  }

  @Test(arguments: [202, 5_000, 200_000])
  func `deep nesting ends in words`(depth: Int) {
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(refusal(text).hasPrefix("unreadable"))
  }

  @Test func `numbers are found in nested lists and in arrays of Keras 3`() throws {
    #expect(try KerasValue(parsing: "[[[1, 2], [3]]]").flatNumbers() == [1, 2, 3])
    let array = #"{"class_name": "__numpy__", "config": {"value": [0.5, 2], "dtype": "float32"}}"#
    #expect(try KerasValue(parsing: array).flatNumbers() == [0.5, 2])
    #expect(try KerasValue(parsing: #"[1, "2"]"#).flatNumbers() == nil)
  }
}
