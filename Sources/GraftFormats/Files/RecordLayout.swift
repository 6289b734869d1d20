import Foundation

/// The sizes of a record file's parts, and what proves that a record is whole.
struct RecordLayout: Sendable {
  let identity: [UInt8]
  let keyBytes: Int
  let payloadBytes: Int
  /// The first bytes of a file with this layout.
  let header: [UInt8]

  static let headerBytes = 64
  static let checksumBytes = 32

  /// - Precondition: the identity has 32 bytes.
  init(identity: [UInt8], keyBytes: Int, payloadBytes: Int) {
    precondition(identity.count == 32 && keyBytes > 0 && payloadBytes >= 0)
    self.identity = identity
    self.keyBytes = keyBytes
    self.payloadBytes = payloadBytes
    func word(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    header = Array("GRAFTREC".utf8) + word(1) + word(keyBytes) + word(payloadBytes) + identity
  }

  var recordBytes: Int { keyBytes + payloadBytes + Self.checksumBytes }

  /// The identity is part of it, so that a record is none in the file of another.
  func checksum(of key: [UInt8], _ payload: UnsafeRawBufferPointer) throws -> [UInt8] {
    let hasher = try ContentHasher()
    try hasher.update(identity)
    try hasher.update(key)
    try hasher.update(payload)
    return try hasher.digest()
  }
}
