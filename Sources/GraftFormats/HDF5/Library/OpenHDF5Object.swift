import CHDF5

/// A group, a data set or a type of an open file.
struct OpenHDF5Object: ~Copyable {
  /// From the root: `/conv1/kernel`.
  let path: String
  let file: MappedFile
  private let handle: HDF5Handle

  init(_ handle: consuming HDF5Handle, path: String, file: MappedFile) {
    self.handle = handle
    self.path = path
    self.file = file
  }

  struct Link {
    enum Kind {
      case object, soft, external, other
    }

    let name: String
    let kind: Kind
  }

  var id: hid_t { handle.id }
  var isGroup: Bool { H5Iget_type(id) == H5I_GROUP }
  var isDataSet: Bool { H5Iget_type(id) == H5I_DATASET }
  var isType: Bool { H5Iget_type(id) == H5I_DATATYPE }

  /// Where in the file the object lies, which is the same for every name that it has; nil where it cannot be told.
  var address: UInt64? {
    var address: UInt64 = 0
    return graft_h5o_address(id, &address) >= 0 ? address : nil
  }

  func path(of name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

  /// The object of that very name directly below this group; nil where the library cannot open it.
  func child(_ name: String) -> OpenHDF5Object? {
    guard let handle = HDF5Handle(H5Oopen(id, name, hid_t(H5P_DEFAULT)), closing: { H5Oclose($0) }) else { return nil }
    return OpenHDF5Object(handle, path: path(of: name), file: file)
  }

  /// What is directly below this group, in alphabetical order.
  func links() throws -> [Link] {
    var information = H5G_info_t()
    // Each link takes some bytes of the file.
    guard H5Gget_info(id, &information) >= 0, information.nlinks <= UInt64(file.bytes.count) else {
      throw malformed("the group \(path) is damaged")
    }
    var links: [Link] = []
    let status = withUnsafeMutablePointer(to: &links) { list in
      graft_h5l_each(
        id,
        { name, type, list in
          guard let name, let list else { return -1 }
          let kind: Link.Kind =
            switch type {
            case H5L_TYPE_HARD: .object
            case H5L_TYPE_SOFT: .soft
            case H5L_TYPE_EXTERNAL: .external
            default: .other
            }
          list.assumingMemoryBound(to: [Link].self).pointee.append(Link(name: String(cString: name), kind: kind))
          return 0
        }, list)
    }
    guard status >= 0 else { throw malformed("the members of the group \(path) cannot be listed") }
    return links
  }

  /// The path that a soft link of this group leads to, or the file that an external one does.
  func target(of link: Link) throws -> String {
    let damaged = malformed("the link \(path(of: link.name)) is damaged")
    var size = 0
    // A link's value fits into one header message.
    guard graft_h5l_value_size(id, link.name, &size) >= 0, (1...(1 << 16)).contains(size) else { throw damaged }
    var bytes = [CChar](repeating: 0, count: size + 1)
    guard H5Lget_val(id, link.name, &bytes, size, hid_t(H5P_DEFAULT)) >= 0 else { throw damaged }
    guard link.kind == .external else { return text(bytes) }
    var (flags, name, object): (UInt32, UnsafePointer<CChar>?, UnsafePointer<CChar>?) = (0, nil, nil)
    return try bytes.withUnsafeBufferPointer { buffer in
      guard H5Lunpack_elink_val(buffer.baseAddress, size, &flags, &name, &object) >= 0, let name else { throw damaged }
      return String(cString: name)
    }
  }

  private func text(_ bytes: [CChar]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  func malformed(_ reason: String) -> FormatError {
    .malformed(path: file.path, format: "HDF5", reason: reason)
  }
}
