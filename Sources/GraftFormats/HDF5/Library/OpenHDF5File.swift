import CHDF5
import Foundation

/// An HDF5 file open in the library, and as mapped bytes. Lives within `HDF5Library.exclusively`.
struct OpenHDF5File: ~Copyable {
  private let mapping: MappedFile
  private let handle: HDF5Handle

  /// Opens a file, lends it to `body` and closes it.
  ///
  /// - Parameter path: where the library finds it.
  /// - Throws: `FormatError.malformed` where the library cannot open it; whatever `body` throws.
  static func withFile<Result>(
    _ mapping: MappedFile, at path: String, _ body: (borrowing OpenHDF5File) throws -> Result
  ) throws -> Result {
    try body(OpenHDF5File(mapping, at: path))
  }

  private init(_ mapping: MappedFile, at path: String) throws {
    let damaged = FormatError.malformed(
      path: mapping.path, format: "HDF5", reason: "the HDF5 library cannot open it")
    guard let access = HDF5Handle(H5Pcreate(graft_h5p_file_access()), closing: { H5Pclose($0) }) else { throw damaged }
    // Whatever a failed call leaves open is closed with the file. Locks fail on read-only and network file systems.
    H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG)
    H5Pset_file_locking(access.id, false, true)
    guard
      let handle = HDF5Handle(
        H5Fopen(path, graft_h5f_acc_rdonly(), access.id), closing: { H5Fclose($0) })
    else { throw damaged }
    self.mapping = mapping
    self.handle = handle
  }

  /// The group that everything else hangs from.
  func root() throws -> OpenHDF5Object {
    guard let root = HDF5Handle(H5Oopen(handle.id, "/", hid_t(H5P_DEFAULT)), closing: { H5Oclose($0) }) else {
      throw FormatError.malformed(
        path: mapping.path, format: "HDF5", reason: "the HDF5 library cannot open its root group")
    }
    return OpenHDF5Object(root, path: "/", file: mapping)
  }
}
