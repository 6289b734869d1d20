// What is no collection.
extension PickleReader {
  /// The value that an opcode stands for, with the bytes that follow it.
  ///
  /// - Throws: where the pickle ends, or the opcode is none of a plain value.
  mutating func scalar(_ opcode: PickleOpcode) throws(PickleError) -> PickleValue {
    switch opcode {
    case .none: .none
    case .newTrue: .boolean(true)
    case .newFalse: .boolean(false)
    case .int1: .integer(Int(try byte()))
    case .int2: .integer(Int(try unsigned(UInt16.self)))
    case .int4: .integer(Int(Int32(bitPattern: try unsigned(UInt32.self))))
    case .long1: .wholeNumber(try take(UInt64(try byte())))
    case .long4: .wholeNumber(try take(UInt64(try unsigned(UInt32.self))))
    case .double: .number(try double())
    case .unicode1: .text(String(decoding: try take(UInt64(try byte())), as: UTF8.self))
    case .unicode4: .text(String(decoding: try take(UInt64(try unsigned(UInt32.self))), as: UTF8.self))
    case .unicode8: .text(String(decoding: try take(try unsigned(UInt64.self)), as: UTF8.self))
    case .string1: .string(try take(UInt64(try byte())))
    case .string4: .string(try take(UInt64(try unsigned(UInt32.self))))
    case .bytes1: .bytes(Array(try take(UInt64(try byte()))))
    case .bytes4: .bytes(Array(try take(UInt64(try unsigned(UInt32.self)))))
    case .bytes8, .byteArray8: .bytes(Array(try take(try unsigned(UInt64.self))))
    case .integer, .long: try .wholeNumber(line: try line())
    case .float: .number(try number())
    case .unicodeLine: .text(try line())
    case .stringLine: .text(String(try line().dropFirst().dropLast()))  // in quotes
    default: throw PickleError(reason: "its pickle has the opcode \(opcode.rawValue), which Graft does not read")
    }
  }

  /// The next line as a number.
  mutating func number<Number: LosslessStringConvertible>() throws(PickleError) -> Number {
    let line = try line()
    guard let number = Number(line) else {
      throw PickleError(reason: "its pickle has '\(line.prefix(40))' where a number should be")
    }
    return number
  }
}

extension PickleValue {
  /// A little-endian number in two's complement.
  fileprivate static func wholeNumber(_ bytes: UnsafeRawBufferPointer) -> PickleValue {
    guard bytes.count <= 8 else { return .wideInteger(Array(bytes)) }
    let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
    let padding = [UInt8](repeating: isNegative ? 0xff : 0, count: 8 - bytes.count)
    let bits = (Array(bytes) + padding).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return .integer(Int(bitPattern: UInt(bits)))
  }

  /// Protocol 0's number: `42`, `42L`, or a truth value as `01` and `00`.
  fileprivate static func wholeNumber(line: String) throws(PickleError) -> PickleValue {
    if line == "01" { return .boolean(true) }
    if line == "00" { return .boolean(false) }
    guard let number = Int(line.hasSuffix("L") ? String(line.dropLast()) : line) else {
      throw PickleError(reason: "its pickle has '\(line.prefix(40))' where a number should be")
    }
    return .integer(number)
  }

  /// A string of Python 2: text where it can be.
  fileprivate static func string(_ bytes: UnsafeRawBufferPointer) -> PickleValue {
    String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .bytes(Array(bytes))
  }
}
