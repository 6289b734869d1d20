import Foundation
import GraftEngine
import GraftFormats
import Logging

/// What has been measured of convolutions on this machine, in a file that all processes share: what one has measured, the
/// others go by too.
///
/// The file's name says which machine it is for: processor, instruction set, threads and version of oneDNN.
public final class AlgorithmFile: AlgorithmRecord {
  public let identity: String
  private let file: RecordFile

  /// Opens the file of this machine in `folder`, or creates both.
  ///
  /// - Parameter other: what a file that is created begins as a copy of, identity and all.
  /// - Throws: `FormatError.writeFailed`.
  public init(in folder: URL, copying other: AlgorithmFile? = nil) throws {
    try FileManager.default.makeFolder(folder)
    let machine = try Self.machine()
    let url = folder.appending(path: machine.hexadecimal + Self.suffix)
    if let other, !FileManager.default.fileExists(atPath: url.path) {
      // Others may be adding to it: half a record at the end counts for nothing.
      let content = try Data(contentsOf: URL(filePath: other.file.path))
      try AtomicFile.write(to: url) { try $0.write(content) }
    }
    file = try RecordFile(url, identity: machine, keyBytes: Self.keyBytes, payloadBytes: Self.payloadBytes)
    identity = try Self.identity(of: file)
  }

  /// The file, or nil where there can be none: of no consequence but for the speed, so only the log tells.
  public static func opened(in folder: URL) -> AlgorithmFile? {
    do {
      return try AlgorithmFile(in: folder)
    } catch {
      Logger(label: "graft.algorithms").info("all convolutions run directly: \(error)")
      return nil
    }
  }

  public func times(of signature: String) -> AlgorithmTimes? {
    guard let key = try? Self.key(signature) else { return nil }
    var payload = Payload()
    return payload.read(file, key) ? payload.times : nil
  }

  public func remember(_ times: AlgorithmTimes, of signature: String) -> AlgorithmTimes {
    // Where the disk fails, this process goes by its own measurement.
    guard let key = try? Self.key(signature) else { return times }
    let payload = Payload(times)
    try? file.append([key]) { _, bytes in payload.write(bytes) }
    return self.times(of: signature) ?? times
  }

  /// Waits until the disk has what was remembered.
  func synchronize() throws { try file.synchronize() }

  static let suffix = ".algorithms"
  private static let keyBytes = 32
  private static let payloadBytes = 4 * MemoryLayout<Double>.size

  private static func key(_ text: String) throws -> [UInt8] {
    let hasher = try ContentHasher()
    try hasher.update(text)
    return try hasher.digest()
  }

  private static func machine() throws -> [UInt8] {
    let machine = Machine.current
    return try key(
      "\(RunningCode.processor)\n\(machine.instructionSet)\n\(machine.threads) threads\noneDNN \(machine.oneDNN)")
  }

  /// Random, made with the file: what was computed by one file's measurements is not taken for what another's would give.
  private static func identity(of file: RecordFile) throws -> String {
    let key = try key("identity")
    try file.append([key]) { _, bytes in
      for index in bytes.indices { bytes[index] = .random(in: 0...255) }
    }
    var bytes = [UInt8](repeating: 0, count: payloadBytes)
    guard bytes.withUnsafeMutableBytes({ file.read(key, into: $0) }) else {
      throw FormatError.writeFailed(path: file.path, reason: "what was written cannot be read again")
    }
    return bytes.hexadecimal
  }
}

/// Four numbers, as they lie in the file.
private struct Payload {
  private var seconds: [Double] = [0, 0, 0, 0]

  init() {}

  init(_ times: AlgorithmTimes) {
    seconds = [times.direct, times.winograd, times.inputConversion, times.outputConversion]
  }

  var times: AlgorithmTimes {
    AlgorithmTimes(
      direct: seconds[0], winograd: seconds[1], inputConversion: seconds[2], outputConversion: seconds[3])
  }

  mutating func read(_ file: RecordFile, _ key: [UInt8]) -> Bool {
    seconds.withUnsafeMutableBytes { file.read(key, into: $0) }
  }

  func write(_ bytes: UnsafeMutableRawBufferPointer) {
    seconds.withUnsafeBytes { bytes.copyBytes(from: $0) }
  }
}
