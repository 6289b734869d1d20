import Foundation

/// What a file is, told by its first bytes and never by its name.
///
/// Half of the files that fail to load are something else altogether: the pointer that Git LFS leaves behind, the web
/// page that a failed download saved. Knowing them lets a message say so.
public enum FileSignature: String, Hashable, Sendable, Codable, CaseIterable {
  case hdf5, safetensors, numpy, onnx
  case zip, kerasArchive, numpyArchive, torchArchive
  case pickle, gzip
  case gitLFSPointer, html, xml, json, text
  case empty, unknown

  /// - Throws: `FormatError` where the file cannot be read.
  public init(contentsOf url: URL) throws {
    do {
      let file = try MappedFile(url)
      self.init(file.bytes)
    } catch FormatError.emptyFile {
      self = .empty
    }
  }

  /// - Parameter bytes: the whole file: HDF5 may begin with a block of the user's own, of any size.
  public init(_ bytes: UnsafeRawBufferPointer) {
    let start = [UInt8](bytes.prefix(4096))
    self =
      if start.isEmpty {
        .empty
      } else if start.starts(with: [0x93] + "NUMPY".utf8) {
        .numpy
      } else if start.starts(with: "PK\u{3}\u{4}".utf8) || start.starts(with: "PK\u{5}\u{6}".utf8) {
        Self.archive(start)
      } else if Self.looksLikeSafetensors(start) {
        // Before those that two bytes tell: the length of a header can be any two.
        .safetensors
      } else if start.starts(with: [0x1f, 0x8b]) {
        .gzip
      } else if start.count > 1, start[0] == 0x80, (2...5).contains(start[1]) {
        .pickle
      } else if HDF5Superblock.position(in: bytes) != nil {
        // After the others, for it need not be at the start: a ZIP archive may have HDF5 further on.
        .hdf5
      } else if Self.looksLikeONNX(start) {
        .onnx
      } else {
        Self.text(start)
      }
  }

  /// Eight bytes of header length, then JSON.
  private static func looksLikeSafetensors(_ start: [UInt8]) -> Bool {
    guard start.count > 8, start[8] == UInt8(ascii: "{") else { return false }
    return start[4..<8].allSatisfy { $0 == 0 }
  }

  /// Protobuf has no magic number, but every ONNX file begins with field 1, the small version number, and then
  /// another field of its outermost message.
  private static func looksLikeONNX(_ start: [UInt8]) -> Bool {
    guard start.count > 2, start[0] == 0x08, (1...32).contains(start[1]) else { return false }
    return [0x12, 0x1a, 0x22, 0x2a, 0x32, 0x3a, 0x42].contains(start[2])
  }

  /// Tells ZIP archives apart by the name of their first entry (PKWARE's APPNOTE 4.3.7: length at 26, name at 30).
  private static func archive(_ start: [UInt8]) -> FileSignature {
    guard start.count > 30, start[2] == 3 else { return .zip }
    let length = Int(start[26]) | Int(start[27]) << 8
    let name = String(decoding: start[30...].prefix(length), as: UTF8.self)
    if ["metadata.json", "config.json", "model.weights.h5"].contains(name) { return .kerasArchive }
    if name.hasSuffix("/data.pkl") { return .torchArchive }
    if name.hasSuffix(".npy") { return .numpyArchive }
    return .zip
  }

  private static func text(_ start: [UInt8]) -> FileSignature {
    // What was read may end within a character.
    let rest = start.count < 4096 ? 0...0 : 0...3
    guard start.allSatisfy({ $0 >= 0x20 || (9...13).contains($0) }),
      let decoded = rest.lazy.compactMap({ String(validating: start.dropLast($0), as: UTF8.self) }).first
    else { return .unknown }
    let ignored = CharacterSet.whitespacesAndNewlines.union(CharacterSet(charactersIn: "\u{feff}"))
    let text = decoded.trimmingCharacters(in: ignored).lowercased()
    if text.hasPrefix("version https://git-lfs.github.com/spec/") { return .gitLFSPointer }
    if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") { return .html }
    if text.hasPrefix("<?xml") { return .xml }
    if text.hasPrefix("{") { return .json }
    return .text
  }
}

extension FileSignature: CustomStringConvertible {
  /// With its article: "an HDF5 file".
  public var description: String {
    switch self {
    case .hdf5: "an HDF5 file"
    case .safetensors: "a safetensors file"
    case .numpy: "a NumPy array (.npy)"
    case .onnx: "an ONNX model"
    case .zip: "a ZIP archive"
    case .kerasArchive: "a Keras 3 model (.keras)"
    case .numpyArchive: "a NumPy archive (.npz)"
    case .torchArchive: "a PyTorch file (.pth)"
    case .pickle: "a Python pickle (perhaps an old PyTorch file)"
    case .gzip: "a gzip-compressed file"
    case .gitLFSPointer: "a Git LFS pointer"
    case .html: "an HTML page"
    case .xml: "an XML document"
    case .json: "a JSON document"
    case .text: "plain text"
    case .empty: "empty"
    case .unknown: "of no kind that Graft knows"
    }
  }

  /// The rest of a sentence that begins with the file's path.
  func mismatch(expected: String, byteCount: Int) -> String {
    let size = "\(byteCount.grouped) bytes"
    return switch self {
    case .gitLFSPointer:
      "is a Git LFS pointer (\(size) of text), not the weights themselves: run `git lfs pull`."
    case .html, .xml:
      "is \(self) (\(size)), not \(expected): the download failed, and what was saved is the server's answer. "
        + "Download it again."
    case .gzip:
      "is \(self), not \(expected). Unpack it with `gunzip` first."
    case .zip:
      "is \(self), not \(expected). Unpack it with `unzip` first."
    case .unknown:
      "is not \(expected): the first of its \(size) belong to no format that Graft knows. "
        + "Check that it is the file you meant."
    default:
      "is \(self), not \(expected). Check that it is the file you meant."
    }
  }
}
