/// A model without its numbers: a first pass over the file that believes nothing, before any library sees it.
///
/// protobuf-c copies what it reads, keeps what it does not know and follows any nesting; so it is given only what is in
/// Graft's own schema, and of tensors only where in the file their elements lie.
struct ONNXScan {
  /// What a file may ask for before it is no model any more. Networks of the largest kind stay below a tenth of each.
  enum Limit {
    static let fields = 1 << 19
    static let skippedFields = 1 << 24
    static let bytes = 1 << 26
  }

  /// The field of our own in which a tensor says where its elements lie: three numbers a piece, the field that they are
  /// in, their first byte and how many bytes there are.
  static let elementsField = 20000

  /// The message `onnx.Model`, for protobuf-c.
  private(set) var model: [UInt8] = []
  private let bytes: UnsafeRawBufferPointer
  private var fields = 0
  private var skippedFields = 0
  private var keptBytes = 0

  /// - Parameter bytes: the whole file.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    self.bytes = bytes
    model = try message(.model, in: 0..<bytes.count)
  }

  private mutating func message(_ kind: ONNXMessage, in range: Range<Int>) throws -> [UInt8] {
    var reader = WireReader(bytes, range)
    var kept: [UInt8] = []
    var places: [UInt8] = []
    var single: Set<Int> = []
    while !reader.isAtEnd {
      let tag = try reader.tag()
      let start = reader.position
      let value = try reader.value(of: tag)
      guard let field = kind.field(tag.field) else {
        try count(&skippedFields, 1, limit: Limit.skippedFields, "unknown fields")
        continue
      }
      try count(&fields, 1, limit: Limit.fields, "fields")
      switch (field, tag.kind) {
      case (.integer, .varint), (.integers, .varint), (.float, .fixed32), (.floats, .fixed32):
        try keep(tag, start..<value.upperBound, in: &kept)
      case (.integers, .lengthDelimited):
        try count(&fields, value.count, limit: Limit.fields, "numbers")
        try keep(tag, start..<value.upperBound, in: &kept)
      case (.floats, .lengthDelimited):
        try count(&fields, value.count / 4, limit: Limit.fields, "numbers")
        try keep(tag, start..<value.upperBound, in: &kept)
      case (.text, .lengthDelimited):
        guard !bytes[value].contains(0) else {
          throw ONNXFault(reason: "the text at byte \(value.lowerBound.grouped) has a zero byte in it")
        }
        try keep(tag, start..<value.upperBound, in: &kept)
      case (.bytes, .lengthDelimited):
        try keep(tag, start..<value.upperBound, in: &kept)
      case (.elements, _):
        for number in [tag.field, value.lowerBound, value.count] { places.appendVarint(UInt64(number)) }
      case (.message(let child), .lengthDelimited):
        guard single.insert(tag.field).inserted else {
          throw ONNXFault(reason: "a \(kind.rawValue) has two of field \(tag.field)")
        }
        try append(message(child, in: value), as: tag, to: &kept)
      case (.messages(let child), .lengthDelimited):
        try append(message(child, in: value), as: tag, to: &kept)
      default:
        throw ONNXFault(
          reason: "field \(tag.field) of the \(kind.rawValue) at byte \(range.lowerBound.grouped) is of the wrong type")
      }
    }
    if !places.isEmpty {
      append(places, as: WireReader.Tag(field: Self.elementsField, kind: .lengthDelimited), to: &kept)
    }
    return kept
  }

  private mutating func keep(_ tag: WireReader.Tag, _ range: Range<Int>, in message: inout [UInt8]) throws {
    try count(&keptBytes, range.count, limit: Limit.bytes, "bytes of names and attributes")
    message.appendTag(tag.field, tag.kind)
    message.append(contentsOf: bytes[range])
  }

  private func append(_ child: [UInt8], as tag: WireReader.Tag, to message: inout [UInt8]) {
    message.appendTag(tag.field, tag.kind)
    message.appendVarint(UInt64(child.count))
    message.append(contentsOf: child)
  }

  private func count(_ counter: inout Int, _ more: Int, limit: Int, _ what: String) throws {
    counter += more
    guard counter <= limit else {
      throw ONNXFault(reason: "it has more than \(limit.grouped) \(what), and no network has")
    }
  }
}
