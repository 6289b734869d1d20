/// Memory for tensors that are needed one after another, each only until the next: fresh memory costs a page fault for every
/// 4 KB, which for a network's weights is more than what is done with them.
///
/// Nothing of it can be seen: a tensor that somebody still holds keeps its bytes, and the next gets others. For one thread.
public final class TensorScratch {
  private var storage: TensorStorage?

  public init() {}

  /// A row-major tensor filled by `initialize`, which must write every byte of the buffer that it is lent.
  func tensor(
    _ shape: Shape, dataType: DataType, initializingWith initialize: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows -> Tensor {
    let byteCount = shape.count * dataType.byteCount
    let storage = free(byteCount)
    try initialize(UnsafeMutableRawBufferPointer(rebasing: storage.bytes[..<byteCount]))
    return Tensor(
      dataType: dataType, shape: shape, strides: shape.rowMajorStrides, storage: storage, byteOffset: 0)
  }

  private func free(_ byteCount: Int) -> TensorStorage {
    if isKnownUniquelyReferenced(&storage), let storage, storage.bytes.count >= byteCount { return storage }
    let fresh = TensorStorage(byteCount: byteCount)
    storage = fresh
    return fresh
  }
}
