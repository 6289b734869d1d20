import CHDF5
import Foundation

/// An HDF5 file open for reading, both through the library and as mapped bytes.
struct HDF5File: ~Copyable {
  let mapping: MappedFile
  private let handle: HDF5Handle

  /// Opens the file and lends it to `body`, which has the library to itself.
  ///
  /// - Parameter expected: what the file should be, with its article, for the message where it is something else.
  /// - Throws: `FormatError` where the file cannot be read, is of another kind, cut off, or damaged at its root.
  static func open<Result>(
    _ url: URL, expected: String, _ body: (borrowing HDF5File) throws -> Result
  ) throws -> Result {
    let mapping = try MappedFile(url)
    try mapping.require(.hdf5, expected: expected)
    try requireWhole(mapping)
    return try HDF5Library.exclusively {
      try body(HDF5File(mapping))
    }
  }

  private init(_ mapping: MappedFile) throws {
    let damaged = FormatError.malformed(
      path: mapping.path, format: "HDF5", reason: "the HDF5 library cannot open it")
    guard let access = HDF5Handle(H5Pcreate(graft_h5p_file_access()), closing: { H5Pclose($0) }) else { throw damaged }
    // Whatever a failed call leaves open is closed with the file. Locks fail on read-only and network file systems.
    H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG)
    H5Pset_file_locking(access.id, false, true)
    guard
      let handle = HDF5Handle(
        H5Fopen(mapping.path, graft_h5f_acc_rdonly(), access.id), closing: { H5Fclose($0) })
    else { throw damaged }
    self.mapping = mapping
    self.handle = handle
  }

  /// The group that everything else hangs from.
  func root() throws -> HDF5Object {
    guard let root = HDF5Handle(H5Oopen(handle.id, "/", hid_t(H5P_DEFAULT)), closing: { H5Oclose($0) }) else {
      throw FormatError.malformed(
        path: mapping.path, format: "HDF5", reason: "the HDF5 library cannot open its root group")
    }
    return HDF5Object(root, path: "/", file: mapping)
  }

  private static func requireWhole(_ mapping: MappedFile) throws {
    guard let position = HDF5Superblock.position(in: mapping.bytes),
      let superblock = try HDF5Superblock(mapping.bytes, position: position, path: mapping.path)
    else {
      throw FormatError.malformed(
        path: mapping.path, format: "HDF5",
        reason: "it is cut off after \(mapping.bytes.count.grouped) bytes, within its first block")
    }
    guard superblock.endOfFile <= UInt64(mapping.bytes.count) else {
      throw FormatError.truncated(
        path: mapping.path, byteCount: mapping.bytes.count, expected: Int(clamping: superblock.endOfFile))
    }
  }
}
