import Foundation
import GraftTensors

/// The JSON in front of a safetensors file, checked against the file that it describes.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let dataType: DataType
    let shape: Shape
    /// In bytes from the start of the elements.
    let begin: Int
    let end: Int
  }

  let metadata: [String: String]
  /// By position in the file, without gaps.
  let entries: [Entry]
  /// Where the elements begin, in bytes from the start of the file.
  let dataOffset: Int

  /// The reference implementation's limit.
  static let maximumByteCount = 100_000_000

  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - path: what messages call it.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
    func malformed(_ reason: String) -> FormatError {
      .malformed(path: path, format: "safetensors", reason: reason)
    }
    guard bytes.count >= 8 else { throw malformed("it has no room for the length of its header") }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= Self.maximumByteCount else {
      throw malformed("it announces a header of \(length) bytes, and \(Self.maximumByteCount.grouped) are allowed")
    }
    dataOffset = 8 + Int(length)
    guard dataOffset <= bytes.count else {
      throw FormatError.truncated(path: path, byteCount: bytes.count, expected: dataOffset)
    }
    let json: JSON
    do {
      json = try JSONDecoder().decode(JSON.self, from: Data(bytes[8..<dataOffset]))
    } catch let error as HeaderError {
      throw malformed(error.reason)
    } catch {
      throw malformed("its header is not the JSON that it should be")
    }
    metadata = json.metadata
    entries = try json.tensors.map { try Entry(name: $0, $1, malformed: malformed) }
      .sorted { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }

    var position = 0
    for entry in entries {
      guard entry.begin >= position else { throw malformed("the tensor '\(entry.name)' overlaps the one before it") }
      guard entry.begin == position else {
        throw malformed("\((entry.begin - position).grouped) bytes before the tensor '\(entry.name)' belong to none")
      }
      position = entry.end
    }
    let (total, overflow) = dataOffset.addingReportingOverflow(position)
    guard !overflow else { throw malformed("its tensors end beyond any file") }
    guard bytes.count >= total else {
      throw FormatError.truncated(path: path, byteCount: bytes.count, expected: total)
    }
    guard bytes.count == total else {
      throw malformed("\((bytes.count - total).grouped) bytes at its end belong to no tensor")
    }
  }

  /// The length, the JSON and the spaces that bring the elements to a multiple of 64 bytes.
  static func encoded(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String], path: String
  ) throws -> [UInt8] {
    var names: Set<String> = ["__metadata__"]
    for (name, _) in tensors where !names.insert(name).inserted {
      throw FormatError.writeFailed(path: path, reason: "two tensors are called '\(name)'")
    }
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = try metadata.sorted { $0.key < $1.key }.map { try "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var position = 0
    for (name, tensor) in tensors {
      let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
      let end = position + tensor.byteCount
      members.append(
        try quoted(name) + ":{\"dtype\":\"\(tensor.dataType.safetensorsName)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(position),\(end)]}")
      position = end
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json += [UInt8](repeating: UInt8(ascii: " "), count: (64 - (8 + json.count) % 64) % 64)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }

  private static func quoted(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }
}

extension SafetensorsHeader.Entry {
  fileprivate init(name: String, _ json: JSON.Tensor, malformed: (String) -> FormatError) throws {
    guard let dataType = DataType(safetensorsName: json.dtype) else {
      throw malformed("the tensor '\(name)' has the element type '\(json.dtype)', which Graft does not know")
    }
    guard let byteCount = checkedByteCount(of: json.shape, elementByteCount: dataType.byteCount) else {
      throw malformed("the tensor '\(name)' has the impossible shape \(json.shape)")
    }
    guard json.dataOffsets.count == 2, let begin = json.dataOffsets.first, let end = json.dataOffsets.last,
      begin >= 0, end >= begin
    else { throw malformed("the tensor '\(name)' has the impossible place \(json.dataOffsets)") }
    guard end - begin == byteCount else {
      throw malformed(
        "the tensor '\(name)' of shape \(Shape(json.shape)) and type \(json.dtype) needs \(byteCount.grouped) bytes, "
          + "but has \((end - begin).grouped)")
    }
    self.init(name: name, dataType: dataType, shape: Shape(json.shape), begin: begin, end: end)
  }
}

/// The header as it is written. `Int` refuses fractions, NaN and what does not fit 64 bits.
private struct JSON: Decodable {
  struct Tensor: Decodable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }

  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  var metadata: [String: String] = [:]
  var tensors: [(String, Tensor)] = []

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for key in container.allKeys {
      if key.stringValue == "__metadata__" {
        guard let found = try? container.decode([String: String].self, forKey: key) else {
          throw HeaderError(reason: "its '__metadata__' holds something other than text")
        }
        metadata = found
      } else {
        guard let found = try? container.decode(Tensor.self, forKey: key) else {
          throw HeaderError(
            reason: "the entry of the tensor '\(key.stringValue)' is not a type, a shape and two offsets")
        }
        tensors.append((key.stringValue, found))
      }
    }
  }
}

private struct HeaderError: Error {
  let reason: String
}
