import CHDF5

/// A group or a data set of an open file.
struct HDF5Object: ~Copyable {
  /// From the root: `/conv1/kernel`.
  let path: String
  let file: MappedFile
  private let handle: HDF5Handle

  init(_ handle: consuming HDF5Handle, path: String, file: MappedFile) {
    self.handle = handle
    self.path = path
    self.file = file
  }

  var id: hid_t { handle.id }
  var isGroup: Bool { H5Iget_type(id) == H5I_GROUP }
  var isDataSet: Bool { H5Iget_type(id) == H5I_DATASET }

  /// The object of that name below this one, or nil; '/' in the name goes through groups.
  ///
  /// - Throws: `FormatError.unsupported` for soft and external links: a weight file has none, and they can lead out of it.
  func child(_ name: String) throws -> HDF5Object? {
    let components = name.split(separator: "/", maxSplits: 1)
    guard isGroup, let first = components.first.map(String.init), first != ".",
      H5Lexists(id, first, hid_t(H5P_DEFAULT)) > 0
    else { return nil }
    let childPath = path == "/" ? "/\(first)" : "\(path)/\(first)"
    guard !isLinkElsewhere(first) else {
      throw FormatError.unsupported(
        path: file.path, content: "a link to another place at \(childPath)",
        advice: "Copy the file with `h5repack`, or save it again, so that it holds the data itself.")
    }
    guard let handle = HDF5Handle(H5Oopen(id, first, hid_t(H5P_DEFAULT)), closing: { H5Oclose($0) }) else {
      throw malformed("the HDF5 library cannot open \(childPath)")
    }
    let child = HDF5Object(handle, path: childPath, file: file)
    guard components.count > 1 else { return child }
    return try child.child(String(components[1]))
  }

  /// Whether a name below this group is a soft or an external link rather than an object of its own.
  func isLinkElsewhere(_ name: String) -> Bool {
    graft_h5l_type(id, name) != H5L_TYPE_HARD
  }

  /// The names directly below this group, in alphabetical order; links included.
  func childNames() throws -> [String] {
    var information = H5G_info_t()
    guard H5Gget_info(id, &information) >= 0 else { throw malformed("the HDF5 library cannot list \(path)") }
    // Each link takes some bytes of the file.
    guard information.nlinks <= UInt64(file.bytes.count) else {
      throw malformed("the group \(path) announces \(information.nlinks) members")
    }
    return try (0..<information.nlinks).map { index in
      func name(_ buffer: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
        H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, hid_t(H5P_DEFAULT))
      }
      let length = name(nil, 0)
      guard (0...file.bytes.count).contains(length) else {
        throw malformed("the HDF5 library cannot list \(path)")
      }
      var buffer = [CChar](repeating: 0, count: length + 1)
      guard name(&buffer, buffer.count) >= 0 else { throw malformed("the HDF5 library cannot list \(path)") }
      return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }

  func malformed(_ reason: String) -> FormatError {
    .malformed(path: file.path, format: "HDF5", reason: reason)
  }
}
