import GraftGraph

/// Why one layer cannot be expressed; the layer's name and class are added where it is caught.
struct KerasRefusal: Error, Hashable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}

/// The options of one layer, each read under any of the names that it has had.
struct KerasOptions {
  let values: [String: KerasValue]

  /// The first of the names under which something other than null stands.
  func value(_ names: String...) -> KerasValue? { value(names) }

  private func value(_ names: [String]) -> KerasValue? {
    for name in names {
      if let value = values[name], !value.isNull { return value }
    }
    return nil
  }

  private func read<Result>(
    _ names: [String], as what: String, default standard: Result?, _ convert: (KerasValue) -> Result?
  ) throws(KerasRefusal) -> Result {
    guard let value = value(names) else {
      guard let standard else { throw KerasRefusal("its option “\(names[0])” is missing") }
      return standard
    }
    guard let result = convert(value) else {
      throw KerasRefusal("its option “\(names[0])” is \(value.summary), not \(what)")
    }
    return result
  }

  func integer(_ names: String..., default standard: Int? = nil) throws(KerasRefusal) -> Int {
    try read(names, as: "a whole number", default: standard) { $0.integer }
  }

  func number(_ names: String..., default standard: Float? = nil) throws(KerasRefusal) -> Float {
    // Infinite where a float64 of the file is beyond float32.
    try read(names, as: "a number", default: standard) { $0.float.flatMap { $0.isFinite ? $0 : nil } }
  }

  func bool(_ names: String..., default standard: Bool? = nil) throws(KerasRefusal) -> Bool {
    try read(names, as: "true or false", default: standard) { $0.bool ?? $0.integer.map { $0 != 0 } }
  }

  func text(_ names: String..., default standard: String? = nil) throws(KerasRefusal) -> String {
    try read(names, as: "a word", default: standard) { $0.text }
  }

  /// A whole number, or one for height and width each.
  func size(_ names: String..., default standard: Size2D? = nil) throws(KerasRefusal) -> Size2D {
    try read(names, as: "one or two whole numbers", default: standard) { value in
      if let side = value.integer { return Size2D(side) }
      guard let sides = value.list?.map(\.integer), (1...2).contains(sides.count), let height = sides[0],
        let width = sides[sides.count - 1]
      else { return nil }
      return Size2D(height: height, width: width)
    }
  }

  /// One number or a list of them, however nested: `[[[1, 2, 3]]]` is three.
  func numbers(_ names: String...) throws(KerasRefusal) -> [Float]? {
    guard let value = value(names) else { return nil }
    guard let numbers = value.flatNumbers() else {
      throw KerasRefusal("its option “\(names[0])” is \(value.summary), not numbers")
    }
    return numbers
  }

  /// A list of whole numbers, or one alone.
  func integers(_ names: String..., default standard: [Int]? = nil) throws(KerasRefusal) -> [Int] {
    try read(names, as: "whole numbers", default: standard) { $0.integers }
  }
}

extension KerasValue {
  /// A list of whole numbers, or one alone.
  var integers: [Int]? {
    if let integer { return [integer] }
    guard let list else { return nil }
    let integers = list.compactMap(\.integer)
    return integers.count == list.count ? integers : nil
  }

  /// The numbers of nested lists in order; arrays that Keras 3 wrote as objects too.
  func flatNumbers() -> [Float]? {
    if let float { return float.isFinite ? [float] : nil }
    if self["class_name"]?.text == "__numpy__" || self["class_name"]?.text == "__tensor__" {
      return self["config"]?["value"]?.flatNumbers()
    }
    guard let list else { return nil }
    var numbers: [Float] = []
    for value in list {
      guard let inner = value.flatNumbers() else { return nil }
      numbers += inner
    }
    return numbers
  }
}
