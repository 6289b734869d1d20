/// The bytes behind one or more tensors: allocated, or lent by an owner such as a mapped file.
///
/// Bytes never change once a second tensor can see them: `Tensor` copies before it writes to shared storage.
/// That is what makes the unchecked `Sendable` true.
final class TensorStorage: @unchecked Sendable {
  /// oneDNN's kernels load whole cache lines.
  static let alignment = 64

  let bytes: UnsafeMutableRawBufferPointer
  /// Keeps a mapping alive; nil where this object allocated the bytes itself.
  private let owner: AnyObject?
  var isWritable: Bool { owner == nil }

  /// Uninitialised bytes of its own.
  init(byteCount: Int) {
    bytes = .allocate(byteCount: max(byteCount, 1), alignment: Self.alignment)
    owner = nil
  }

  /// A read-only view of bytes that live as long as `owner`.
  init(borrowing bytes: UnsafeRawBufferPointer, owner: AnyObject) {
    self.bytes = UnsafeMutableRawBufferPointer(mutating: bytes)
    self.owner = owner
  }

  deinit {
    if owner == nil { bytes.deallocate() }
  }
}
