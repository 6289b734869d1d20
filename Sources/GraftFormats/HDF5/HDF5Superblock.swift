/// The first block of an HDF5 file, as far as it takes to tell that the file is whole.
/// HDF5 File Format Specification 3.0, section II.A; versions 0 to 3.
///
/// Read here rather than by the library, whose "truncated file: eof = …" comes without the numbers a user could check,
/// and which is best kept away from files that are known to be damaged.
struct HDF5Superblock {
  /// The size that the file must have at least, in bytes.
  let endOfFile: UInt64

  private static let signature: [UInt8] = [0x89] + Array("HDF\r\n".utf8) + [0x1a, 0x0a]

  /// Where the superblock lies: at the start, or after a user's own block of 512, 1024, … bytes.
  static func position(in bytes: UnsafeRawBufferPointer) -> Int? {
    var position = 0
    while position + signature.count <= bytes.count {
      if bytes[position..<position + signature.count].elementsEqual(signature) { return position }
      position = position == 0 ? 512 : position * 2
    }
    return nil
  }

  /// Nil where the file is cut off within the superblock.
  ///
  /// - Throws: `FormatError.malformed` for versions and sizes that do not exist.
  init?(_ bytes: UnsafeRawBufferPointer, position: Int, path: String) throws {
    let block = UnsafeRawBufferPointer(rebasing: bytes[position...])
    guard block.count > 13 else { return nil }
    let version = block[8]
    let offsetSize: Int
    let baseAddress: Int
    switch version {
    case 0, 1:
      offsetSize = Int(block[13])
      baseAddress = version == 0 ? 24 : 28
    case 2, 3:
      offsetSize = Int(block[9])
      baseAddress = 12
    default:
      throw FormatError.malformed(
        path: path, format: "HDF5", reason: "the version of its superblock is \(version), and 0 to 3 are known")
    }
    guard [2, 4, 8].contains(offsetSize) else {
      throw FormatError.malformed(path: path, format: "HDF5", reason: "its addresses have \(offsetSize) bytes")
    }
    // Base address, one other address, end of file.
    guard block.count >= baseAddress + 3 * offsetSize else { return nil }
    func address(_ index: Int) -> UInt64 {
      let start = baseAddress + index * offsetSize
      return block[start..<start + offsetSize].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    // A user's block put in front afterwards moves everything without changing the addresses, as the library has it.
    let moved = UInt64(position) &- address(0)
    endOfFile = address(2) &+ moved
  }

  /// - Throws: `FormatError` where the file is cut off, or its first block is damaged.
  static func requireWhole(_ file: MappedFile) throws {
    guard let position = position(in: file.bytes),
      let superblock = try HDF5Superblock(file.bytes, position: position, path: file.path)
    else {
      throw FormatError.malformed(
        path: file.path, format: "HDF5",
        reason: "it is cut off after \(file.bytes.count.grouped) bytes, within its first block")
    }
    guard superblock.endOfFile <= UInt64(file.bytes.count) else {
      throw FormatError.truncated(
        path: file.path, byteCount: file.bytes.count, expected: Int(clamping: superblock.endOfFile))
    }
  }
}
