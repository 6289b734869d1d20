import CCrypto

/// A digest that is fed piece by piece: one of OpenSSL's, which frees itself.
public struct ContentHasher: ~Copyable {
  private let context: OpaquePointer
  /// What messages call that which is hashed.
  private let path: String

  /// A SHA-256.
  ///
  /// - Throws: `FormatError.unreadable` where this system's OpenSSL refuses.
  public init() throws {
    try self.init(EVP_sha256(), of: "the data")
  }

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

  public func update(_ bytes: UnsafeRawBufferPointer) throws {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw Self.refusal(path) }
  }

  public func update(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try update($0) }
  }

  /// The text's UTF-8.
  public func update(_ text: String) throws { try update(Array(text.utf8)) }

  /// The digest of everything so far: 32 bytes for SHA-256.
  public consuming func digest() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &bytes, &count) == 1 else { throw Self.refusal(path) }
    return Array(bytes.prefix(Int(count)))
  }

  consuming func hexadecimal() throws -> String { try digest().hexadecimal }

  /// A hardened OpenSSL may refuse MD5.
  private static func refusal(_ path: String) -> FormatError {
    .unreadable(path: path, reason: "this system's OpenSSL refuses to compute the digest")
  }
}

extension [UInt8] {
  /// Two lower-case digits a byte.
  public var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
