/// What Keras's JSON is made of. Objects are written with their keys in order, so that one model makes one file.
enum KerasConfiguration: Hashable, Encodable {
  case null
  case flag(Bool)
  case integer(Int)
  /// Written with the fewest digits that give the same float32.
  case number(Float)
  case text(String)
  indirect case list([KerasConfiguration])
  indirect case object([String: KerasConfiguration])

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .integer(let integer): try container.encode(integer)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .object(let object): try container.encode(object)
    }
  }
}

extension KerasConfiguration: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(nilLiteral: ()) { self = .null }
  init(booleanLiteral value: Bool) { self = .flag(value) }
  init(integerLiteral value: Int) { self = .integer(value) }
  init(floatLiteral value: Float) { self = .number(value) }
  init(stringLiteral value: String) { self = .text(value) }
  init(arrayLiteral elements: KerasConfiguration...) { self = .list(elements) }
  init(dictionaryLiteral elements: (String, KerasConfiguration)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }

  static func integers(_ integers: [Int]) -> KerasConfiguration { .list(integers.map { .integer($0) }) }
  static func numbers(_ numbers: [Float]) -> KerasConfiguration { .list(numbers.map { .number($0) }) }
}
