/// A dense array of numbers with a shape, strides and an element type.
///
/// A value: copies share their bytes until one is written to. The bytes are the tensor's own (64-byte aligned) or lie in
/// a mapped file, so that weights can be used where they are. Strides allow a file's layout to be read as another
/// logical one without a copy: a Keras kernel stored `[H, W, I, O]` is `permuted([3, 2, 0, 1])` to `[O, I, H, W]`.
public struct Tensor: Sendable {
  public let dataType: DataType
  public let shape: Shape
  /// Distance in elements between neighbours along each axis; never negative.
  public let strides: [Int]
  var storage: TensorStorage
  /// Where the first element lies in the storage.
  let byteOffset: Int

  init(dataType: DataType, shape: Shape, strides: [Int], storage: TensorStorage, byteOffset: Int) {
    self.dataType = dataType
    self.shape = shape
    self.strides = strides
    self.storage = storage
    self.byteOffset = byteOffset
  }

  /// A row-major tensor of zeros.
  public init(zeros shape: Shape, dataType: DataType = .float32) {
    let storage = TensorStorage(byteCount: shape.count * dataType.byteCount)
    storage.bytes.initializeMemory(as: UInt8.self, repeating: 0)
    self.init(
      dataType: dataType, shape: shape, strides: shape.rowMajorStrides, storage: storage, byteOffset: 0)
  }

  /// A row-major float32 tensor of the given elements.
  ///
  /// - Precondition: `elements` holds exactly `shape.count` numbers.
  public init(_ elements: [Float], shape: Shape) {
    precondition(elements.count == shape.count, "\(elements.count) elements for the shape \(shape)")
    let storage = TensorStorage(byteCount: elements.count * 4)
    elements.withUnsafeBytes { storage.bytes.copyMemory(from: $0) }
    self.init(
      dataType: .float32, shape: shape, strides: shape.rowMajorStrides, storage: storage, byteOffset: 0)
  }

  /// A float32 tensor of one number everywhere, which takes no more memory than one.
  public init(repeating value: Float, shape: Shape) {
    let storage = TensorStorage(byteCount: 4)
    storage.bytes.storeBytes(of: value, as: Float.self)
    self.init(
      dataType: .float32, shape: shape, strides: shape.dimensions.map { _ in 0 }, storage: storage, byteOffset: 0)
  }

  /// A row-major tensor filled by `initialize`, which must write every byte of the buffer that it is lent.
  public init(
    uninitialized shape: Shape, dataType: DataType = .float32,
    initializingWith initialize: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    let byteCount = shape.count * dataType.byteCount
    let storage = TensorStorage(byteCount: byteCount)
    try initialize(UnsafeMutableRawBufferPointer(rebasing: storage.bytes[..<byteCount]))
    self.init(
      dataType: dataType, shape: shape, strides: shape.rowMajorStrides, storage: storage, byteOffset: 0)
  }

  /// A read-only, row-major view of bytes that `owner` keeps alive: a mapped file's, for example.
  ///
  /// The bytes need not be aligned for the element type: ONNX puts weights of any size after names of any length. Only
  /// what reads such elements one by one pays with a copy.
  ///
  /// - Precondition: `bytes` holds exactly the shape's elements.
  public init(borrowing bytes: UnsafeRawBufferPointer, owner: AnyObject, shape: Shape, dataType: DataType) {
    precondition(bytes.count == shape.count * dataType.byteCount, "\(bytes.count) bytes for the shape \(shape)")
    self.init(
      dataType: dataType, shape: shape, strides: shape.rowMajorStrides,
      storage: TensorStorage(borrowing: bytes, owner: owner), byteOffset: 0)
  }

  /// A read-only view of bytes that `owner` keeps alive, with strides of its own: an element may be seen more than once.
  ///
  /// - Parameter strides: distances in elements, none negative.
  /// - Precondition: `bytes` is aligned for the element type and holds every element that the strides lead to.
  public init(
    borrowing bytes: UnsafeRawBufferPointer, owner: AnyObject, shape: Shape, strides: [Int], dataType: DataType
  ) {
    precondition(strides.count == shape.rank && strides.allSatisfy { $0 >= 0 }, "strides \(strides) for \(shape)")
    let last = zip(shape.dimensions, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
    precondition(
      shape.count == 0 || bytes.count >= (last + 1) * dataType.byteCount,
      "\(bytes.count) bytes for the shape \(shape) with the strides \(strides)")
    self.init(
      dataType: dataType, shape: shape, strides: strides,
      storage: TensorStorage(borrowing: bytes, owner: owner), byteOffset: 0)
  }

  /// Whether the elements lie one after another in row-major order.
  public var isContiguous: Bool {
    let dense = shape.rowMajorStrides
    return shape.dimensions.indices.allSatisfy { shape[$0] == 1 || strides[$0] == dense[$0] }
  }

  /// Whether the first element, and so each, lies where the processor likes to read it.
  var isAligned: Bool {
    (Int(bitPattern: storage.bytes.baseAddress) + byteOffset) % dataType.byteCount == 0
  }

  /// Bytes of the elements, without gaps.
  public var byteCount: Int { shape.count * dataType.byteCount }
}
