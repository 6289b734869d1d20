import Foundation
import GraftTensors

/// A file's bytes, mapped read-only into memory: read from disk only where touched, and shared between processes.
///
/// Tensors can lie in the mapping and keep it alive. A file must not be cut short while it is mapped: the system then
/// answers the next access with SIGBUS. Graft itself replaces files by renaming, which leaves a mapping intact.
public final class MappedFile: @unchecked Sendable {
  // Unchecked: the bytes are mapped without permission to write, and nothing here changes after `init`.

  public let path: String
  public let bytes: UnsafeRawBufferPointer

  /// - Throws: `FormatError` where the file is missing, a folder, unreadable or empty.
  public convenience init(_ url: URL) throws {
    let file = try ReadableFile(url)
    try self.init(file.descriptor, byteCount: file.byteCount, path: file.path)
  }

  /// Maps an open file, which may be closed afterwards.
  ///
  /// - Parameter path: what messages call it.
  convenience init(_ descriptor: Int32, path: String) throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FormatError.unreadable(path: path, reason: systemReason()) }
    try self.init(descriptor, byteCount: Int(status.st_size), path: path)
  }

  private init(_ descriptor: Int32, byteCount: Int, path: String) throws {
    guard byteCount > 0 else { throw FormatError.emptyFile(path: path) }
    guard let start = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw FormatError.unreadable(path: path, reason: systemReason()) }
    self.path = path
    bytes = UnsafeRawBufferPointer(start: start, count: byteCount)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  public var signature: FileSignature { FileSignature(bytes) }

  /// - Parameter expected: with its article, for the message: "a safetensors file".
  /// - Throws: `FormatError.wrongKind`.
  func require(_ kind: FileSignature, expected: String) throws {
    let found = signature
    guard found == kind else {
      throw FormatError.wrongKind(path: path, expected: expected, found: found, byteCount: bytes.count)
    }
  }

  /// The row-major, little-endian tensor at `offset`: a view of the mapping where the elements are aligned, else a copy.
  ///
  /// - Precondition: the tensor lies within the file.
  func tensor(at offset: Int, shape: Shape, dataType: DataType) -> Tensor {
    Tensor(lying: bytes, at: offset, owner: self, shape: shape, dataType: dataType)
  }
}

extension Tensor {
  /// The row-major, little-endian tensor at `offset` of some bytes that `owner` keeps alive: a view of them where the
  /// elements are aligned, else a copy.
  ///
  /// - Precondition: the tensor lies within the bytes.
  init(lying bytes: UnsafeRawBufferPointer, at offset: Int, owner: AnyObject, shape: Shape, dataType: DataType) {
    let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + shape.count * dataType.byteCount])
    if Int(bitPattern: part.baseAddress) % dataType.byteCount == 0 {
      self.init(borrowing: part, owner: owner, shape: shape, dataType: dataType)
    } else {
      self.init(uninitialized: shape, dataType: dataType) { $0.copyMemory(from: part) }
    }
  }
}
