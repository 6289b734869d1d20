import CHDF5

extension HDF5Object {
  func hasAttribute(_ name: String) -> Bool {
    H5Aexists(id, name) > 0
  }

  /// The first text of an attribute, scalar as a rule; nil where there is no such attribute or it is empty.
  func text(_ name: String) throws -> String? {
    hasAttribute(name) ? try texts(of: name).first : nil
  }

  /// A list of names, or nil where there is none. Keras splits lists that are too long for one attribute into
  /// `layer_names0`, `layer_names1`, ….
  func names(_ name: String) throws -> [String]? {
    if hasAttribute(name) { return try texts(of: name) }
    var names: [String] = []
    var chunk = 0
    while hasAttribute("\(name)\(chunk)") {
      names += try texts(of: "\(name)\(chunk)")
      chunk += 1
    }
    return chunk == 0 ? nil : names
  }

  /// The texts of an attribute, whether of fixed or variable length, one or many.
  private func texts(of name: String) throws -> [String] {
    let damaged = malformed("the attribute '\(name)' of \(path) is damaged")
    guard let attribute = HDF5Handle(H5Aopen(id, name, hid_t(H5P_DEFAULT)), closing: { H5Aclose($0) }),
      let space = HDF5Handle(H5Aget_space(attribute.id), closing: { H5Sclose($0) }),
      let type = HDF5Handle(H5Aget_type(attribute.id), closing: { H5Tclose($0) }),
      let count = Int(exactly: H5Sget_simple_extent_npoints(space.id)), count >= 0
    else { throw damaged }
    // h5py writes an empty list as numbers: layers without weights have it.
    if count == 0 { return [] }
    guard H5Tget_class(type.id) == H5T_STRING else {
      throw malformed("the attribute '\(name)' of \(path) is no text")
    }
    let size = H5Tget_size(type.id)
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: size)
    guard size > 0, !overflow, byteCount <= file.bytes.count else { throw damaged }

    if H5Tis_variable_str(type.id) > 0 {
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      guard H5Aread(attribute.id, type.id, &pointers) >= 0 else { throw damaged }
      defer { H5Dvlen_reclaim(type.id, space.id, hid_t(H5P_DEFAULT), &pointers) }
      return pointers.map { $0.map { String(cString: $0) } ?? "" }
    }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    guard H5Aread(attribute.id, type.id, &bytes) >= 0 else { throw damaged }
    return (0..<count).map { index in
      String(decoding: bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
