import GraftTensors

/// The bytes behind a checkpoint's tensors, by the keys that its pickle uses.
protocol TorchStorages {
  /// Bytes aligned for any element type, and what keeps them alive; nil where there are none of that key.
  mutating func bytes(of key: String) throws -> StorageBytes?
}

struct StorageBytes {
  let bytes: UnsafeRawBufferPointer
  let owner: AnyObject

  /// Lends the bytes as they lie where they are aligned for eight-byte elements; else copies them.
  init(lying bytes: UnsafeRawBufferPointer, owner: AnyObject) {
    if Int(bitPattern: bytes.baseAddress) % 8 == 0 {
      self.bytes = bytes
      self.owner = owner
    } else {
      let copy = AlignedBytes(bytes)
      self.bytes = copy.bytes
      self.owner = copy
    }
  }

  init(copying bytes: UnsafeRawBufferPointer) {
    let copy = AlignedBytes(bytes)
    self.bytes = copy.bytes
    owner = copy
  }
}

/// A copy of some bytes at an address that suits every element type. Never written to again, so that sharing it is safe.
private final class AlignedBytes: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  init(_ source: UnsafeRawBufferPointer) {
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: max(source.count, 1), alignment: 64)
    target.copyMemory(from: source)
    bytes = UnsafeRawBufferPointer(rebasing: target[..<source.count])
  }

  deinit {
    bytes.deallocate()
  }
}

extension TorchTensorDescription {
  /// The tensor, once its elements are known to lie within the storage.
  func tensor(in storage: StorageBytes, name: String) throws(PickleError) -> Tensor {
    func refusal(_ reason: String) -> PickleError { PickleError(reason: "the tensor '\(name)' \(reason)") }
    guard checkedByteCount(of: shape, elementByteCount: dataType.byteCount) != nil else {
      throw refusal("has the impossible shape \(shape)")
    }
    guard strides.allSatisfy({ $0 >= 0 }), offset >= 0, self.storage.start >= 0 else {
      throw refusal("has the impossible strides \(strides) from \(offset) on")
    }
    let (first, overflows) = offset.addingReportingOverflow(self.storage.start)
    if overflows { throw refusal("begins beyond any file") }
    let shape = Shape(shape)
    if shape.count == 0 {
      return Tensor(zeros: shape, dataType: dataType)
    }
    let room = storage.bytes.count / dataType.byteCount
    guard let last = lastElement(from: first), last < room else {
      throw refusal(
        "of shape \(shape) and strides \(strides) reaches beyond the \(room.grouped) elements of its storage")
    }
    // A view that shows one number many times is not what a network learns, and would make much of little.
    guard shape.count <= room else {
      throw refusal("of shape \(shape) has more elements than the \(room.grouped) of its storage")
    }
    let size = dataType.byteCount
    let part = UnsafeRawBufferPointer(rebasing: storage.bytes[first * size..<(last + 1) * size])
    return Tensor(borrowing: part, owner: storage.owner, shape: shape, strides: strides, dataType: dataType)
  }

  /// The farthest element, in elements from the start of the storage; nil where no number is as great.
  private func lastElement(from first: Int) -> Int? {
    var last = first
    for (extent, stride) in zip(shape, strides) {
      let (reach, overflows) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflowsToo) = last.addingReportingOverflow(reach)
      if overflows || overflowsToo { return nil }
      last = sum
    }
    return last
  }
}
