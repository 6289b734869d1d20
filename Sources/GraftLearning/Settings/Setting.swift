/// A setting that some kinds of optimizers, losses or schedules have: the name that people write, where its value is kept, and
/// which values make sense.
struct Setting<Owner> {
  enum Place {
    case number(WritableKeyPath<Owner, Double?>)
    /// A whole number.
    case count(WritableKeyPath<Owner, Int?>)
    case flag(WritableKeyPath<Owner, Bool?>)
    /// Whole numbers that rise, written with a slash between them.
    case counts(WritableKeyPath<Owner, [Int]?>)
  }

  let key: String
  let place: Place
  let range: SettingRange

  init(_ key: String, _ path: WritableKeyPath<Owner, Double?>, _ range: SettingRange) {
    (self.key, place, self.range) = (key, .number(path), range)
  }

  init(_ key: String, _ path: WritableKeyPath<Owner, Int?>, _ range: SettingRange) {
    (self.key, place, self.range) = (key, .count(path), range)
  }

  init(_ key: String, _ path: WritableKeyPath<Owner, Bool?>) {
    (self.key, place, range) = (key, .flag(path), .notNegative)
  }

  init(_ key: String, _ path: WritableKeyPath<Owner, [Int]?>, _ range: SettingRange) {
    (self.key, place, self.range) = (key, .counts(path), range)
  }

  /// What to write, for people.
  var expectation: String {
    switch place {
    case .number: "a number \(range.text)"
    case .count: "a whole number \(range.text)"
    case .flag: "“\(key)” alone, or leave it out"
    case .counts: "whole numbers \(range.text) that rise, with a slash between them: “30/60”"
    }
  }

  /// The value as people write it; nil where it is left to its default.
  func text(in owner: Owner) -> String? {
    switch place {
    case .number(let path): owner[keyPath: path].map(Self.text)
    case .count(let path): owner[keyPath: path].map { "\($0)" }
    case .flag(let path): owner[keyPath: path].map { "\($0)" }
    case .counts(let path): owner[keyPath: path].map { $0.map { "\($0)" }.joined(separator: "/") }
    }
  }

  /// Reads a value. False where it cannot be read; whether it makes sense is another question.
  func read(_ text: String, into owner: inout Owner) -> Bool {
    switch place {
    case .number(let path):
      owner[keyPath: path] = Double(text)
      return owner[keyPath: path] != nil
    case .count(let path):
      owner[keyPath: path] = Int(text)
      return owner[keyPath: path] != nil
    case .flag(let path):
      owner[keyPath: path] = Bool(text)
      return owner[keyPath: path] != nil
    case .counts(let path):
      let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
      owner[keyPath: path] = numbers.compactMap { $0 }
      return !numbers.contains(nil)
    }
  }

  /// Whether the value, where there is one, makes sense.
  func isSensible(in owner: Owner) -> Bool {
    switch place {
    case .number(let path): owner[keyPath: path].map(range.contains) ?? true
    case .count(let path): owner[keyPath: path].map { range.contains(Double($0)) } ?? true
    case .flag: true
    case .counts(let path):
      owner[keyPath: path].map { numbers in
        !numbers.isEmpty && numbers.allSatisfy { range.contains(Double($0)) }
          && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
      } ?? true
    }
  }

  /// The shortest text that reads as the same number: `2` rather than `2.0`.
  private static func text(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
