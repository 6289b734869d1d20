/// What a pickle's steps leave for the next, with the marks that some of them reach back to.
struct PickleStack {
  private var values: [PickleValue] = []
  /// How many values there were at each mark.
  private var marks: [Int] = []

  mutating func push(_ value: PickleValue) { values.append(value) }

  mutating func mark() { marks.append(values.count) }

  /// Takes away what is on top: as in CPython, a mark where there is one.
  mutating func drop() throws(PickleError) {
    if marks.last == values.count { marks.removeLast() } else { _ = try pop() }
  }

  func top() throws(PickleError) -> PickleValue {
    guard values.count > marks.last ?? 0, let value = values.last else { throw Self.empty }
    return value
  }

  mutating func pop() throws(PickleError) -> PickleValue {
    _ = try top()
    return values.removeLast()
  }

  mutating func pop(_ count: Int) throws(PickleError) -> [PickleValue] {
    guard values.count - count >= marks.last ?? 0 else { throw Self.empty }
    defer { values.removeLast(count) }
    return Array(values.suffix(count))
  }

  mutating func popToMark() throws(PickleError) -> [PickleValue] {
    guard let mark = marks.popLast() else {
      throw PickleError(reason: "its pickle goes back to a mark that it never set")
    }
    defer { values.removeLast(values.count - mark) }
    return Array(values[mark...])
  }

  private static let empty = PickleError(reason: "its pickle takes more from the stack than it has put there")
}
