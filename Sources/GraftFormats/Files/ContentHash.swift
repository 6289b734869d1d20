import CCrypto
import Foundation
import GraftTensors

/// Digests by which files and tensors are known: SHA-256, and MD5 because Keras publishes its files' MD5. Lower-case hex.
public enum ContentHash {
  /// - Throws: `FormatError` where the file cannot be read.
  public static func sha256(contentsOf url: URL) throws -> String {
    try digest(of: url, algorithm: EVP_sha256())
  }

  /// For recognising published files only: MD5 proves nothing against an adversary.
  ///
  /// - Throws: `FormatError` where the file cannot be read, or where this system forbids MD5.
  public static func md5(contentsOf url: URL) throws -> String {
    try digest(of: url, algorithm: EVP_md5())
  }

  /// Of a file that lies in memory.
  public static func sha256(of bytes: UnsafeRawBufferPointer) throws -> String {
    let hasher = try ContentHasher(EVP_sha256(), of: "the file in memory")
    try hasher.update(bytes)
    return try hasher.hexadecimal()
  }

  /// The digest of the element type, the shape and the elements in row-major order. Layout in memory plays no part:
  /// a strided view and its dense copy have the same.
  public static func sha256(of tensor: Tensor) throws -> String {
    let hasher = try ContentHasher(EVP_sha256(), of: "the tensor")
    try hasher.update("\(tensor.dataType.rawValue) \(tensor.shape)\n")
    try tensor.withUnsafeBytes { try hasher.update($0) }
    return try hasher.hexadecimal()
  }

  /// The digest of a tensor as it lies in memory: element type, shape, strides, and the bytes in the storage's order.
  ///
  /// Tensors of the same digest are equal; equal ones that lie differently have others. It reads a view of a mapped file
  /// where it is, where `sha256(of:)` would first copy a Keras kernel into row-major order, number by number.
  public static func sha256(lying tensor: Tensor) throws -> [UInt8] {
    let hasher = try ContentHasher(EVP_sha256(), of: "the tensor")
    let reach = zip(tensor.shape.dimensions, tensor.strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
    // A slice with gaps is copied: what lies between its elements is not its own.
    let strides = reach <= tensor.shape.count ? tensor.strides : tensor.shape.rowMajorStrides
    try hasher.update("\(tensor.dataType.rawValue) \(tensor.shape) \(strides)\n")
    if tensor.shape.count > 0, reach <= tensor.shape.count {
      try tensor.withUnsafeStorage {
        try hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<(reach * tensor.dataType.byteCount)]))
      }
    } else {
      try tensor.withUnsafeBytes { try hasher.update($0) }
    }
    return try hasher.digest()
  }

  private static func digest(of url: URL, algorithm: OpaquePointer?) throws -> String {
    let file = try ReadableFile(url)
    let hasher = try ContentHasher(algorithm, of: file.path)
    try file.forEachPiece { try hasher.update($0) }
    return try hasher.hexadecimal()
  }
}
