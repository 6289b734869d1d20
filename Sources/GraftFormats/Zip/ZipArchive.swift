import CZip
import Foundation
import GraftTensors

/// A ZIP archive: the container of `.keras` models, and of the files that PyTorch has written since version 1.6.
///
/// Nothing that the archive says is believed: names are distinct, entries lie inside the file and together take no more
/// room than it has, and no entry claims to unpack to more than deflate can do. What an entry claims to hold is
/// allocated only then.
public struct ZipArchive: Sendable {
  public struct Entry: Hashable, Sendable {
    /// As the archive has it, with '/' between folders. Not to be trusted as a path.
    public let name: String
    /// In bytes, unpacked.
    public let size: Int
    public let compressedSize: Int
    /// Whether the entry lies in the archive as it is, not compressed.
    public let isStored: Bool
    /// Where the entry's bytes begin in the archive's file, which has `size` of them from there; nil for an entry that
    /// is compressed, or whose own header does not say the same as the list of contents.
    public let offset: Int?
    fileprivate let index: Int
  }

  public let file: MappedFile
  /// In the order of the archive's list of contents; folders included, if it lists them.
  public let entries: [Entry]
  private let byName: [String: Int]
  private let library: ZipLibraryArchive

  /// - Parameter expected: what the file should be, with its article, for the message where it is no archive.
  /// - Throws: `FormatError` where the file cannot be read, is of another kind, cut off or damaged.
  public init(contentsOf url: URL, expected: String = "a ZIP archive") throws {
    try self.init(MappedFile(url), expected: expected)
  }

  /// - Throws: `FormatError` where the file is of another kind, cut off or damaged.
  public init(_ file: MappedFile, expected: String = "a ZIP archive") throws {
    let signature = file.signature
    guard [.zip, .kerasArchive, .torchArchive, .numpyArchive].contains(signature) else {
      throw FormatError.wrongKind(path: file.path, expected: expected, found: signature, byteCount: file.bytes.count)
    }
    func malformed(_ reason: String) -> FormatError { .malformed(path: file.path, format: "ZIP", reason: reason) }
    let bytes = LittleEndianBytes(file.bytes)
    let directory = try ZipDirectory(bytes, refusal: malformed)

    var room = file.bytes.count
    var byName: [String: Int] = [:]
    for (index, record) in directory.records.enumerated() {
      guard byName.updateValue(index, forKey: record.name) == nil else {
        throw malformed("it lists the entry '\(record.name)' twice")
      }
      // Entries that share bytes are how a small archive unpacks to a disk full.
      guard record.compressedSize <= room else { throw malformed("its entries claim more room than it has") }
      room -= record.compressedSize
      try Self.requirePlausible(record, path: file.path)
    }
    entries = directory.records.enumerated().map { index, record in
      let isStored = record.method == 0 && !record.isEncrypted
      return Entry(
        name: record.name, size: record.size, compressedSize: record.compressedSize, isStored: isStored,
        offset: isStored ? record.dataOffset(bytes) : nil, index: index)
    }
    self.file = file
    self.byName = byName
    library = try ZipLibraryArchive(file, expecting: directory.records)
  }

  private static func requirePlausible(_ record: ZipDirectory.Record, path: String) throws {
    guard !record.isEncrypted, record.method == 0 || record.method == 8 else {
      throw FormatError.unsupported(
        path: path,
        content: "the entry '\(record.name)', which is "
          + (record.isEncrypted ? "encrypted" : "compressed by the method \(record.method)"),
        advice: "Save the model again with the program that made it, or pack the archive anew with `zip`.")
    }
    let largest =
      record.method == 0 ? record.compressedSize : largestSize(inflating: record.compressedSize)
    guard record.method == 0 ? record.size == largest : record.size <= largest else {
      throw FormatError.malformed(
        path: path, format: "ZIP",
        reason: "its entry '\(record.name)' announces \(record.size.grouped) bytes, but only "
          + "\(record.compressedSize.grouped) are stored")
    }
  }

  /// The entry of that very name, or nil.
  public subscript(name: String) -> Entry? {
    byName[name].map { entries[$0] }
  }

  /// The bytes of an entry, unpacked and checked against the archive's checksum.
  ///
  /// - Parameter limit: the most bytes that the caller has a use for. A small archive may hold an entry a thousand times
  ///   its size.
  /// - Throws: `FormatError` where the entry is larger, damaged, or holds more or less than it announces.
  public func contents(of entry: Entry, limit: Int = 256 << 20) throws -> [UInt8] {
    guard entry.size <= limit else {
      throw FormatError.malformed(
        path: file.path, format: "ZIP",
        reason: "its entry '\(entry.name)' announces \(entry.size.grouped) bytes, and \(limit.grouped) are allowed")
    }
    return try [UInt8](unsafeUninitializedCapacity: entry.size) { buffer, count in
      try forEachPiece(of: entry) { piece in
        UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]).copyMemory(from: piece)
        count += piece.count
      }
    }
  }

  /// Lends an entry's bytes piece by piece, unpacked; together exactly `entry.size` of them. What is wrong with an entry
  /// may turn out after its last piece only.
  func forEachPiece(of entry: Entry, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try library.forEachPiece(of: entry.index, name: entry.name, byteCount: entry.size, body)
  }
}
