/// What breaks the rules, as a clause for `FormatError.malformed`.
struct ONNXFault: Error {
  let reason: String
}

/// Reads one message of protobuf's wire format, and believes no length beyond the message's own end.
///
/// Source: <https://protobuf.dev/programming-guides/encoding/>.
struct WireReader {
  enum Kind: UInt8 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  struct Tag {
    let field: Int
    let kind: Kind
  }

  let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  let end: Int

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position >= end }

  mutating func tag() throws -> Tag {
    let start = position
    let number = try varint()
    let field = number >> 3
    guard (1...0x1fff_ffff).contains(field), let kind = Kind(rawValue: UInt8(number & 7)) else {
      throw ONNXFault(reason: "the byte at \(start.grouped) begins no field of protobuf")
    }
    return Tag(field: Int(field), kind: kind)
  }

  mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    let start = position
    for shift in stride(from: 0, to: 70, by: 7) {
      guard position < end else { throw ONNXFault(reason: "the number at byte \(start.grouped) is cut off") }
      let byte = bytes[position]
      position += 1
      // Of the tenth byte only the lowest bit counts.
      value |= UInt64(byte & 0x7f) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw ONNXFault(reason: "the number at byte \(start.grouped) is longer than ten bytes")
  }

  /// Where the value of a field lies that has the given tag, past its length where it has one.
  mutating func value(of tag: Tag) throws -> Range<Int> {
    let start = position
    let count: Int
    switch tag.kind {
    case .varint:
      _ = try varint()
      return start..<position
    case .fixed32: count = 4
    case .fixed64: count = 8
    case .lengthDelimited:
      let length = try varint()
      guard length <= UInt64(end - position) else {
        throw ONNXFault(
          reason: "field \(tag.field) at byte \(start.grouped) announces \(length) bytes, where "
            + "\((end - position).grouped) are left")
      }
      count = Int(length)
    }
    guard count <= end - position else {
      throw ONNXFault(reason: "field \(tag.field) at byte \(start.grouped) is cut off")
    }
    let first = position
    position += count
    return first..<position
  }
}

extension [UInt8] {
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  mutating func appendTag(_ field: Int, _ kind: WireReader.Kind) {
    appendVarint(UInt64(field) << 3 | UInt64(kind.rawValue))
  }
}
