import Foundation
import GraftTensors

@testable import GraftFormats

/// A file of this target's Fixtures folder.
func fixture(_ name: String) throws -> URL {
  guard let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil) else {
    throw FormatError.fileNotFound(path: "Fixtures")
  }
  return folder.appending(path: name)
}

/// Material that is not part of the project: `shared`, beside the package, where there is such a folder.
enum Shared {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared")

  static let exists = FileManager.default.fileExists(atPath: folder.path)

  /// The files below a folder of it, in alphabetical order.
  static func files(_ path: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder.appending(path: path), includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }
  }
}

/// An empty folder that goes away with the value.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "graft-formats-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> URL {
    let file = url.appending(path: name)
    try Data(bytes).write(to: file)
    return file
  }

  /// Everything in it, hidden files included.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }
}

/// What `body` throws, in words; "nothing" where it throws nothing.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing"
  } catch {
    return "\(error)"
  }
}

/// `start`, `start + 1`, …: what every fixture's tensors hold.
func ramp(_ count: Int, from start: Float) -> [Float] {
  (0..<count).map { start + Float($0) }
}
