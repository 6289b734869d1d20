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
    let digest = try Digest(EVP_sha256(), of: "the file in memory")
    try digest.update(bytes)
    return try digest.hexadecimal()
  }

  /// The digest of the element type, the shape and the elements in row-major order. Layout in memory plays no part:
  /// a strided view and its dense copy have the same.
  public static func sha256(of tensor: Tensor) throws -> String {
    let digest = try Digest(EVP_sha256(), of: "the tensor")
    try Array("\(tensor.dataType.rawValue) \(tensor.shape)\n".utf8).withUnsafeBytes { try digest.update($0) }
    try tensor.withUnsafeBytes { try digest.update($0) }
    return try digest.hexadecimal()
  }

  private static func digest(of url: URL, algorithm: OpaquePointer?) throws -> String {
    let file = try ReadableFile(url)
    let digest = try Digest(algorithm, of: file.path)
    try file.forEachPiece { try digest.update($0) }
    return try digest.hexadecimal()
  }
}

/// One of OpenSSL's running digests; frees itself.
private struct Digest: ~Copyable {
  private let context: OpaquePointer
  private let path: String

  init(_ algorithm: OpaquePointer?, of path: String) throws {
    guard let context = EVP_MD_CTX_new() else { throw Self.refusal(path) }
    guard EVP_DigestInit_ex(context, algorithm, nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw Self.refusal(path)
    }
    self.context = context
    self.path = path
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  func update(_ bytes: UnsafeRawBufferPointer) throws {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw Self.refusal(path) }
  }

  func hexadecimal() throws -> String {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &bytes, &count) == 1 else { throw Self.refusal(path) }
    return bytes.prefix(Int(count)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// A hardened OpenSSL may refuse MD5.
  private static func refusal(_ path: String) -> FormatError {
    .unreadable(path: path, reason: "this system's OpenSSL refuses to compute the digest")
  }
}
