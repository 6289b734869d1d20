import Foundation
import GraftTensors

/// What the reading process hands back, in a file: 64 bytes of header, elements at multiples of 64 bytes, JSON.
///
/// The header holds the eight bytes of `mark`, then where the JSON begins and how long it is, in eight bytes each,
/// little-endian. It is written last: an answer that was broken off has none.
enum HDF5Answer {
  static let mark = Array("graftH5\u{1}".utf8)
  static let alignment = 64

  /// The JSON.
  enum Content: Codable {
    case outline(HDF5Outline)
    case failure(FormatError)
  }

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  /// What an answer says; nil where it is broken off, or nothing that `HDF5AnswerWriter` would write.
  static func content(of answer: UnsafeRawBufferPointer) -> Content? {
    let bytes = LittleEndianBytes(answer)
    guard bytes.has(mark, at: 0), let offset = bytes.integer(at: 8, byteCount: 8),
      let length = bytes.integer(at: 16, byteCount: 8), let json = bytes.slice(at: offset, byteCount: length)
    else { return nil }
    return try? decoder.decode(Content.self, from: Data(json))
  }
}

/// Writes an answer.
final class HDF5AnswerWriter {
  private let descriptor: Int32
  private var position = HDF5Answer.alignment

  /// - Parameter descriptor: of a file of no bytes, open for writing.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Appends a tensor's elements.
  ///
  /// - Returns: their offset.
  func keep(_ tensor: Tensor) throws -> Int {
    let offset = (position + HDF5Answer.alignment - 1) / HDF5Answer.alignment * HDF5Answer.alignment
    try tensor.withUnsafeBytes { try write($0, at: offset) }
    position = offset + tensor.byteCount
    return offset
  }

  /// Ends the answer.
  func finish(_ content: HDF5Answer.Content) throws {
    let json = try HDF5Answer.encoder.encode(content)
    try json.withUnsafeBytes { try write($0, at: position) }
    var header = HDF5Answer.mark
    for number in [position, json.count] {
      withUnsafeBytes(of: UInt64(number).littleEndian) { header += $0 }
    }
    try header.withUnsafeBytes { try write($0, at: 0) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    let place = "the answer of the process that reads HDF5"
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw FormatError.writeFailed(path: place, reason: systemReason())
    }
    try writeAll(bytes, to: descriptor, path: place)
  }
}
