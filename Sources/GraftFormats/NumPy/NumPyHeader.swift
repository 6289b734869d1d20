import GraftTensors

/// What stands in front of a `.npy` file's elements: a Python dictionary of type, order and shape.
struct NumPyHeader {
  let dataType: DataType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  /// As the file has them: not yet checked for overflow.
  let dimensions: [Int]
  /// Where the elements begin.
  let byteCount: Int

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  init(parsing bytes: UnsafeRawBufferPointer, path: String) throws {
    func malformed(_ reason: String) -> FormatError {
      .malformed(path: path, format: "NumPy", reason: reason)
    }
    guard bytes.count >= 12 else {
      throw FormatError.truncated(path: path, byteCount: bytes.count, expected: 12)
    }
    let version = bytes[6]
    guard (1...3).contains(version) else {
      throw malformed("its format version is \(version), and 1 to 3 are known")
    }
    let start = version == 1 ? 10 : 12
    let length =
      version == 1
      ? Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    guard start + length <= bytes.count else {
      throw FormatError.truncated(path: path, byteCount: bytes.count, expected: start + length)
    }
    byteCount = start + length

    let entries: [String: PythonLiteral]
    do {
      entries = try PythonLiteral.dictionary(bytes[start..<byteCount])
    } catch {
      throw malformed("its header is not the dictionary that it should be")
    }
    guard case .text(let descriptor) = entries["descr"] else {
      throw FormatError.unsupported(
        path: path, content: "an array of structures",
        advice: "Save one plain numeric array with `numpy.save`.")
    }
    guard let (dataType, isBigEndian) = Self.elementType(descriptor) else {
      throw FormatError.unsupported(
        path: path, content: "elements of the type '\(descriptor)'",
        advice: "Convert the array in NumPy first: `array.astype('float32')`.")
    }
    guard case .boolean(let isFortranOrder) = entries["fortran_order"] else {
      throw malformed("its header does not say in which order the elements lie")
    }
    guard case .tuple(let dimensions) = entries["shape"] else { throw malformed("its header has no shape") }
    self.dataType = dataType
    self.isBigEndian = isBigEndian
    self.isFortranOrder = isFortranOrder
    self.dimensions = dimensions
  }

  /// Version 1, padded with spaces so that the elements begin at a multiple of 64 bytes.
  ///
  /// - Parameter room: a header at least as long as this row count would need.
  static func encoded(dataType: DataType, dimensions: [Int], room rowCount: Int? = nil) -> [UInt8] {
    func text(_ dimensions: [Int]) -> String {
      let shape = dimensions.map { "\($0)," }.joined(separator: " ")
      let tuple = dimensions.count > 1 ? String(shape.dropLast()) : shape
      return "{'descr': '\(descriptor(dataType))', 'fortran_order': False, 'shape': (\(tuple)), }"
    }
    let longest = rowCount.map { text([$0] + dimensions.dropFirst()) } ?? text(dimensions)
    let total = (10 + longest.utf8.count + 1 + 63) / 64 * 64
    var header = magic + [1, 0, UInt8((total - 10) & 0xff), UInt8((total - 10) >> 8)] + Array(text(dimensions).utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: total - 1 - header.count)
    return header + [UInt8(ascii: "\n")]
  }

  private static let kinds: [(DataType, String)] = [
    (.float16, "f2"), (.float32, "f4"), (.float64, "f8"), (.int8, "i1"), (.int16, "i2"), (.int32, "i4"),
    (.int64, "i8"), (.uint8, "u1"), (.uint16, "u2"), (.uint32, "u4"), (.uint64, "u8"), (.bool, "b1"),
  ]

  private static func elementType(_ descriptor: String) -> (DataType, isBigEndian: Bool)? {
    guard let order = descriptor.first, "<>|=".contains(order),
      let (dataType, _) = kinds.first(where: { $0.1 == descriptor.dropFirst() })
    else { return nil }
    return (dataType, order == ">")
  }

  /// - Precondition: the type is not bfloat16, which NumPy lacks.
  private static func descriptor(_ dataType: DataType) -> String {
    guard let (_, kind) = kinds.first(where: { $0.0 == dataType }) else {
      preconditionFailure("NumPy has no \(dataType)")
    }
    return (dataType.byteCount == 1 ? "|" : "<") + kind
  }
}
