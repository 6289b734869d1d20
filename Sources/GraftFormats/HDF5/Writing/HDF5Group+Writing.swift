import CHDF5
import Foundation
import GraftTensors

extension HDF5Group {
  /// Writes the group as the root of a file, whole or not at all.
  ///
  /// Groups, attributes and data sets are written in alphabetical order and without times, so that the same group
  /// always makes the same file. Data sets lie in one piece each, as readers that map files want them.
  ///
  /// - Throws: `FormatError.writeFailed`, also for element types that have no counterpart in HDF5 (bfloat16, bool).
  public func write(to url: URL) throws {
    try AtomicFile.write(to: url) { file in
      let path = url.path(percentEncoded: false)
      try HDF5Library.exclusively {
        try HDF5FileWriter(path: path).write(self, toFileAt: file.temporary)
      }
    }
  }
}

/// Writes one file through the library, within `HDF5Library.exclusively`.
private struct HDF5FileWriter {
  /// What messages call the file.
  let path: String

  /// `HDF5_OBJECT_HEADER_LIMIT` in Keras.
  private static let attributeLimit = 64512

  func write(_ root: HDF5Group, toFileAt path: String) throws {
    guard let access = HDF5Handle(H5Pcreate(graft_h5p_file_access()), closing: { H5Pclose($0) }) else { throw failure }
    H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG)
    H5Pset_file_locking(access.id, false, true)
    let file = H5Fcreate(path, graft_h5f_acc_trunc(), hid_t(H5P_DEFAULT), access.id)
    guard file >= 0 else { throw failure }
    do {
      try fill(file, with: root)
    } catch {
      H5Fclose(file)
      throw error
    }
    // Buffers are written here, so this can fail as any write can.
    guard H5Fclose(file) >= 0 else { throw failure }
  }

  private func fill(_ place: hid_t, with group: HDF5Group) throws {
    for (name, attribute) in group.attributes.sorted(by: { $0.key < $1.key }) {
      try write(attribute, name, on: place)
    }
    for (name, member) in group.members.sorted(by: { $0.key < $1.key }) {
      switch member {
      case .group(let group):
        let none = hid_t(H5P_DEFAULT)
        let handle = try opened(H5Gcreate2(place, name, none, none, none)) { H5Gclose($0) }
        try fill(handle.id, with: group)
      case .dataSet(let tensor): try write(tensor, name, in: place)
      }
    }
  }

  private func write(_ tensor: Tensor, _ name: String, in place: hid_t) throws {
    guard let type = tensor.dataType.hdf5Type else {
      throw FormatError.writeFailed(
        path: path, reason: "HDF5 has no type for \(tensor.dataType.rawValue), which '\(name)' is of")
    }
    let (none, everything) = (hid_t(H5P_DEFAULT), hid_t(H5S_ALL))
    let dimensions = tensor.shape.dimensions.map { hsize_t($0) }
    let space = try opened(
      dimensions.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(dimensions.count), dimensions, nil)
    ) { H5Sclose($0) }
    let creation = try opened(H5Pcreate(graft_h5p_dataset_create())) { H5Pclose($0) }
    H5Pset_obj_track_times(creation.id, false)
    let dataSet = try opened(H5Dcreate2(place, name, type, space.id, none, creation.id, none)) { H5Dclose($0) }
    try tensor.withUnsafeBytes { bytes in
      if bytes.isEmpty { return }
      guard H5Dwrite(dataSet.id, type, everything, everything, none, bytes.baseAddress) >= 0 else { throw failure }
    }
  }

  private func write(_ attribute: HDF5Group.Attribute, _ name: String, on place: hid_t) throws {
    switch attribute {
    case .text(let text): try writeVariable([text], name, isList: false, on: place)
    case .texts(let texts): try writeVariable(texts, name, isList: true, on: place)
    case .fixedTexts(let texts):
      let parts = split(texts)
      for (index, part) in parts.enumerated() {
        try writeFixed(part, parts.count == 1 ? name : "\(name)\(index)", on: place)
      }
    case .number(var number):
      try withAttribute(name, of: graft_h5t_native_double(), count: nil, on: place) { id in
        H5Awrite(id, graft_h5t_native_double(), &number)
      }
    }
  }

  /// As few parts as keep each below the limit, of nearly equal length: NumPy's `array_split`.
  private func split(_ texts: [String]) -> [ArraySlice<String>] {
    let width = texts.map(\.utf8.count).max() ?? 0
    let most = max(Self.attributeLimit / max(width, 1), 1)
    let count = max((texts.count + most - 1) / most, 1)
    let (length, longer) = (texts.count / count, texts.count % count)
    var start = 0
    return (0..<count).map { index in
      defer { start += length + (index < longer ? 1 : 0) }
      return texts[start..<start + length + (index < longer ? 1 : 0)]
    }
  }

  private func writeFixed(_ texts: ArraySlice<String>, _ name: String, on place: hid_t) throws {
    let width = max(texts.map(\.utf8.count).max() ?? 0, 1)
    guard width <= Self.attributeLimit else {
      throw FormatError.writeFailed(path: path, reason: "a text of \(width.grouped) bytes is too long for '\(name)'")
    }
    let type = try textType(size: width)
    var bytes = texts.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: width - $0.utf8.count) }
    try withAttribute(name, of: type.id, count: texts.count, on: place) { id in
      texts.isEmpty ? 0 : H5Awrite(id, type.id, &bytes)
    }
  }

  private func writeVariable(_ texts: [String], _ name: String, isList: Bool, on place: hid_t) throws {
    let type = try textType(size: graft_h5t_variable())
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    try withAttribute(name, of: type.id, count: isList ? texts.count : nil, on: place) { id in
      var pointers = copies
      return texts.isEmpty ? 0 : H5Awrite(id, type.id, &pointers)
    }
  }

  private func textType(size: Int) throws -> HDF5Handle {
    let type = try opened(H5Tcopy(graft_h5t_c_s1())) { H5Tclose($0) }
    guard H5Tset_size(type.id, size) >= 0, H5Tset_cset(type.id, H5T_CSET_UTF8) >= 0,
      H5Tset_strpad(type.id, size == graft_h5t_variable() ? H5T_STR_NULLTERM : H5T_STR_NULLPAD) >= 0
    else { throw failure }
    return type
  }

  /// - Parameter count: of elements; nil for a single one that is no list.
  private func withAttribute(
    _ name: String, of type: hid_t, count: Int?, on place: hid_t, _ write: (hid_t) -> herr_t
  ) throws {
    let none = hid_t(H5P_DEFAULT)
    let space = try opened(
      count.map { H5Screate_simple(1, [hsize_t($0)], nil) } ?? H5Screate(H5S_SCALAR)
    ) { H5Sclose($0) }
    let attribute = try opened(H5Acreate2(place, name, type, space.id, none, none)) { H5Aclose($0) }
    guard write(attribute.id) >= 0 else { throw failure }
  }

  private func opened(_ id: hid_t, closing close: @escaping @Sendable (hid_t) -> herr_t) throws -> HDF5Handle {
    guard let handle = HDF5Handle(id, closing: close) else { throw failure }
    return handle
  }

  private var failure: FormatError {
    .writeFailed(path: path, reason: "the HDF5 library cannot write it; perhaps the disk is full")
  }
}

extension DataType {
  /// Little-endian, as all of Graft's files are; nil where HDF5 has no such type.
  fileprivate var hdf5Type: hid_t? {
    switch self {
    case .float32: graft_h5t_little_float(4)
    case .float64: graft_h5t_little_float(8)
    case .int8, .int16, .int32, .int64: graft_h5t_little_integer(byteCount, true)
    case .uint8, .uint16, .uint32, .uint64: graft_h5t_little_integer(byteCount, false)
    case .float16, .bfloat16, .bool: nil
    }
  }
}
