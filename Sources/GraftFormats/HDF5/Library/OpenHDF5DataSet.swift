import CHDF5
import GraftTensors

/// A data set of an open file: its shape and type, and its elements on demand.
struct OpenHDF5DataSet: ~Copyable {
  let shape: Shape
  let elementType: HDF5ElementType
  private let object: OpenHDF5Object
  private let type: HDF5Handle
  private let byteCount: Int

  /// - Throws: `FormatError.malformed` where the object is no data set, or is damaged.
  init(_ object: consuming OpenHDF5Object, isBfloat16: Bool = false) throws {
    guard object.isDataSet else { throw object.malformed("\(object.path) is no data set") }
    guard let space = HDF5Handle(H5Dget_space(object.id), closing: { H5Sclose($0) }),
      let type = HDF5Handle(H5Dget_type(object.id), closing: { H5Tclose($0) })
    else { throw object.malformed("the data set \(object.path) is damaged") }
    let dimensions = try Self.dimensions(of: space, object)
    let elementType = HDF5ElementType(type, isBfloat16: isBfloat16)
    guard let byteCount = checkedByteCount(of: dimensions, elementByteCount: max(elementType.byteCount, 1)) else {
      throw object.malformed("the data set \(object.path) has the impossible shape \(dimensions)")
    }
    self.shape = Shape(dimensions)
    self.elementType = elementType
    self.byteCount = byteCount
    self.type = type
    self.object = object
  }

  private static func dimensions(of space: borrowing HDF5Handle, _ object: borrowing OpenHDF5Object) throws -> [Int] {
    if H5Sget_simple_extent_type(space.id) == H5S_NULL { return [0] }
    let rank = H5Sget_simple_extent_ndims(space.id)
    var sizes = [hsize_t](repeating: 0, count: max(Int(rank), 0))
    guard rank >= 0, H5Sget_simple_extent_dims(space.id, &sizes, nil) == rank else {
      throw object.malformed("the shape of the data set \(object.path) is damaged")
    }
    return sizes.map { Int(clamping: $0) }
  }

  /// Where the elements lie in one piece of the file, in this machine's byte order; nil where they must be copied.
  ///
  /// - Throws: `FormatError` where the elements are no numbers, lie in another file, are missing, or reach beyond the end.
  func offset() throws -> Int? {
    guard elementType.dataType != nil else {
      throw FormatError.noNumbers(elementType.description, at: object.path, in: object.file)
    }
    guard let creation = creationProperties() else { throw damaged }
    let layout = H5Pget_layout(creation.id)
    guard layout != H5D_VIRTUAL, H5Pget_external_count(creation.id) <= 0 else {
      throw FormatError.unsupported(
        path: object.file.path, content: "a data set at \(object.path) whose elements lie in other files",
        advice: FormatError.selfContained)
    }
    if byteCount == 0 { return 0 }
    guard layout == H5D_CONTIGUOUS, elementType.isLittleEndian || elementType.byteCount == 1 else { return nil }
    let address = H5Dget_offset(object.id)
    guard address != haddr_t.max else { throw unwritten }
    guard let offset = Int(exactly: address), offset <= object.file.bytes.count,
      byteCount <= object.file.bytes.count - offset
    else { throw object.malformed("the data set \(object.path) reaches beyond the end of the file") }
    return offset
  }

  /// The elements, read through the library.
  ///
  /// - Parameter budget: bytes that may still be allocated for this file; reading takes from it.
  /// - Throws: `FormatError` where the elements are missing or damaged, or more than the budget allows.
  func copy(budget: inout Int) throws -> Tensor {
    guard let dataType = elementType.dataType, let creation = creationProperties() else { throw damaged }
    return try copied(dataType, isCompressed: H5Pget_nfilters(creation.id) > 0, budget: &budget)
  }

  private func creationProperties() -> HDF5Handle? {
    HDF5Handle(H5Dget_create_plist(object.id), closing: { H5Pclose($0) })
  }

  private func copied(_ dataType: DataType, isCompressed: Bool, budget: inout Int) throws -> Tensor {
    let stored = Int(clamping: H5Dget_storage_size(object.id))
    guard stored > 0 else { throw unwritten }
    // A compressed data set is larger than its place in the file, but by no more than deflate can do.
    guard stored <= object.file.bytes.count, byteCount <= (isCompressed ? largestSize(inflating: stored) : stored)
    else {
      throw object.malformed(
        "the data set \(object.path) announces \(byteCount.grouped) bytes, but only \(stored.grouped) are stored")
    }
    guard byteCount <= budget else {
      throw object.malformed("the data set \(object.path) makes it unpack to far more than its size")
    }
    budget -= byteCount
    guard let memoryType = HDF5Handle(H5Tcopy(type.id), closing: { H5Tclose($0) }),
      elementType.isLittleEndian || H5Tset_order(memoryType.id, H5T_ORDER_LE) >= 0
    else { throw damaged }
    return try Tensor(uninitialized: shape, dataType: dataType) { bytes in
      let everything = hid_t(H5S_ALL)
      guard
        H5Dread(object.id, memoryType.id, everything, everything, hid_t(H5P_DEFAULT), bytes.baseAddress) >= 0
      else {
        throw object.malformed("the data set \(object.path) cannot be unpacked")
      }
    }
  }

  /// That the elements were left out on request.
  var unwanted: FormatError {
    .unsupported(
      path: object.file.path, content: "numbers at \(object.path) that were not asked for",
      advice: "Read the file with all of its elements.")
  }

  private var damaged: FormatError { object.malformed("the data set \(object.path) is damaged") }

  private var unwritten: FormatError {
    object.malformed("the data set \(object.path) was never written")
  }
}
