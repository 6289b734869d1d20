/// Writes protobuf's wire format: ONNX's messages and TensorBoard's. Fields that hold nothing are left out.
struct WireWriter {
  var bytes: [UInt8] = []
  /// What errors call the file.
  let path: String

  mutating func integer(_ field: Int, _ value: Int) {
    bytes.appendTag(field, .varint)
    bytes.appendVarint(UInt64(bitPattern: Int64(value)))
  }

  mutating func float(_ field: Int, _ value: Float) {
    bytes.appendTag(field, .fixed32)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func double(_ field: Int, _ value: Double) {
    bytes.appendTag(field, .fixed64)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// A list of numbers in one piece, as proto3 writes it.
  mutating func packed(_ field: Int, _ values: [Float]) {
    bytes.appendTag(field, .lengthDelimited)
    bytes.appendVarint(UInt64(4 * values.count))
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
  }

  mutating func text(_ field: Int, _ value: String) {
    if !value.isEmpty { entry(field, value) }
  }

  /// Of a list, in which an empty text has its place.
  mutating func entry(_ field: Int, _ value: String) {
    bytes.appendTag(field, .lengthDelimited)
    bytes.appendVarint(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  mutating func message(_ field: Int, _ body: (inout WireWriter) throws -> Void) rethrows {
    var child = WireWriter(path: path)
    try body(&child)
    bytes.appendTag(field, .lengthDelimited)
    bytes.appendVarint(UInt64(child.bytes.count))
    bytes += child.bytes
  }
}
