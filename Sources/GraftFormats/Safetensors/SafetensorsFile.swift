import Foundation
import GraftTensors

/// A file of named tensors in Hugging Face's safetensors format: eight bytes of header length, a JSON header, the
/// elements. https://huggingface.co/docs/safetensors
///
/// Nothing in the header is believed: every tensor must lie inside the file, fit its shape, and follow the one before
/// without gap or overlap, as the format demands.
public struct SafetensorsFile: Sendable {
  /// In the order in which their elements lie in the file; views of the mapped file where alignment allows.
  public let tensors: [(name: String, tensor: Tensor)]
  public let metadata: [String: String]

  /// - Throws: `FormatError` where the file cannot be read, is of another kind, cut off, or breaks the format's rules.
  public init(contentsOf url: URL) throws {
    let file = try MappedFile(url)
    // A wrong length makes the file unrecognisable; the header's own checks then say what is wrong.
    if file.signature != .unknown { try file.require(.safetensors, expected: "a safetensors file") }
    try self.init(bytes: file.bytes, owner: file, name: file.path)
  }

  /// Reads a file that lies in memory already, as one inside the program does.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - owner: keeps the bytes alive and unchanged; the tensors hold on to it.
  ///   - name: what messages call the file.
  /// - Throws: `FormatError` where the bytes break the format's rules.
  public init(bytes: UnsafeRawBufferPointer, owner: AnyObject, name: String) throws {
    let header = try SafetensorsHeader(bytes, path: name)
    metadata = header.metadata
    tensors = header.entries.map { entry in
      let place = header.dataOffset + entry.begin
      return (entry.name, Tensor(lying: bytes, at: place, owner: owner, shape: entry.shape, dataType: entry.dataType))
    }
  }

  /// The tensor of that name, or nil.
  public subscript(name: String) -> Tensor? {
    tensors.first { $0.name == name }?.tensor
  }

  /// Writes the tensors in the order given, whole or not at all. The same content gives the same bytes.
  ///
  /// The elements begin at a multiple of 64 bytes: spaces after the header, which the format allows, see to that.
  ///
  /// - Throws: `FormatError.writeFailed`, also where two tensors bear one name.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to url: URL
  ) throws {
    let header = try SafetensorsHeader.encoded(tensors, metadata: metadata, path: url.path(percentEncoded: false))
    try AtomicFile.write(to: url) { file in
      try file.write(header)
      for (_, tensor) in tensors {
        try tensor.withUnsafeBytes { try file.write($0) }
      }
    }
  }
}
