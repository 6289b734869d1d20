import Foundation
import GraftFormats
import GraftGraph

@testable import GraftCatalogue

/// A cache folder of a test's own, and a made-up file to fetch into it; goes away with the value.
final class Depot: Sendable {
  let cache: WeightsCache
  /// 300,000 bytes that begin as an HDF5 file does.
  let content: Data
  let md5: String
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "graft-catalogue-\(UUID().uuidString)")
    cache = WeightsCache(folder.appending(path: "cache"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    content =
      Data([0x89] + "HDF\r\n\u{1a}\n".utf8) + Data((0..<299_992).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) })
    let sample = folder.appending(path: "sample")
    try content.write(to: sample)
    md5 = try ContentHash.md5(contentsOf: sample)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Weights that lie on a server.
  func weights(_ server: URL, md5: String?? = nil, byteCount: Int? = nil) -> KnownWeights {
    KnownWeights(
      name: "sample", architecture: "vgg16", title: "a sample", hasTop: false,
      url: server.appending(path: "files/sample.h5"), md5: md5 ?? self.md5, byteCount: byteCount,
      preprocessing: .caffe, inputSize: 224, parameterCount: 75_000)
  }

  /// Where the file lies when it has come.
  var target: URL { cache.folder.appending(path: "weights/sample/sample.h5") }

  var partial: URL { target.appendingPathExtension("partial") }

  /// What lies in the file's folder.
  var names: [String] {
    let folder = target.deletingLastPathComponent().path
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  func put(_ content: Data, at place: URL) throws {
    try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try content.write(to: place)
  }
}
