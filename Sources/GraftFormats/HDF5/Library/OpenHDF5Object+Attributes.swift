import CHDF5

extension OpenHDF5Object {
  /// Longer lists of numbers are data, not descriptions.
  private static let maximumNumberCount = 4096

  /// All attributes by name; those that cannot be read say so.
  ///
  /// - Parameter budget: bytes that attributes may still take; reading takes from it.
  func attributes(budget: inout Int) -> [String: HDF5Tree.Attribute] {
    var names: [String] = []
    var position: hsize_t = 0
    let status = withUnsafeMutablePointer(to: &names) { names in
      H5Aiterate2(
        id, H5_INDEX_NAME, H5_ITER_INC, &position,
        { _, name, _, names in
          guard let name, let names else { return -1 }
          names.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
          return 0
        }, names)
    }
    // Where the list breaks off, a name that is looked for may be missing from it: better damaged than absent.
    guard status >= 0 else {
      return Dictionary(names.map { ($0, .damaged) }, uniquingKeysWith: { first, _ in first })
    }
    var attributes: [String: HDF5Tree.Attribute] = [:]
    for name in names { attributes[name] = attribute(name, budget: &budget) ?? .damaged }
    return attributes
  }

  /// Nil where it is damaged, or larger than what is left of the budget.
  private func attribute(_ name: String, budget: inout Int) -> HDF5Tree.Attribute? {
    guard let attribute = HDF5Handle(H5Aopen(id, name, hid_t(H5P_DEFAULT)), closing: { H5Aclose($0) }),
      let space = HDF5Handle(H5Aget_space(attribute.id), closing: { H5Sclose($0) }),
      let type = HDF5Handle(H5Aget_type(attribute.id), closing: { H5Tclose($0) }),
      let count = Int(exactly: H5Sget_simple_extent_npoints(space.id)), count >= 0
    else { return nil }
    let kind = H5Tget_class(type.id)
    let isText = kind == H5T_STRING
    guard isText || kind == H5T_INTEGER || kind == H5T_FLOAT else { return .other(HDF5ElementType(type).description) }
    if count == 0 { return isText ? .texts([]) : .numbers([]) }
    let size = H5Tget_size(type.id)
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: size)
    guard size > 0, !overflow, byteCount <= budget else { return nil }
    budget -= byteCount
    if !isText { return numbers(attribute, count: count) }
    if H5Tis_variable_str(type.id) > 0 { return variableTexts(attribute, type, space, count: count, budget: &budget) }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    guard H5Aread(attribute.id, type.id, &bytes) >= 0 else { return nil }
    return .texts(
      (0..<count).map { index in
        String(decoding: bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }, as: UTF8.self)
      })
  }

  private func numbers(_ attribute: borrowing HDF5Handle, count: Int) -> HDF5Tree.Attribute? {
    guard count <= Self.maximumNumberCount else { return .other("\(count.grouped) numbers") }
    var numbers = [Double](repeating: 0, count: count)
    return H5Aread(attribute.id, graft_h5t_native_double(), &numbers) >= 0 ? .numbers(numbers) : nil
  }

  private func variableTexts(
    _ attribute: borrowing HDF5Handle, _ type: borrowing HDF5Handle, _ space: borrowing HDF5Handle, count: Int,
    budget: inout Int
  ) -> HDF5Tree.Attribute? {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    guard H5Aread(attribute.id, type.id, &pointers) >= 0 else { return nil }
    defer { H5Dvlen_reclaim(type.id, space.id, hid_t(H5P_DEFAULT), &pointers) }
    var texts: [String] = []
    for pointer in pointers {
      let text = pointer.map { String(cString: $0) } ?? ""
      // Many texts may be one and the same in the file.
      guard text.utf8.count <= budget else { return nil }
      budget -= text.utf8.count
      texts.append(text)
    }
    return .texts(texts)
  }
}
