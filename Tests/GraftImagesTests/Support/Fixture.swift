import Foundation
import Testing

@testable import GraftImages

/// The files that `tools/reference/images_fixtures.py` wrote.
enum Fixture {
  static func url(_ path: String) throws -> URL {
    let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    return folder.appendingPathComponent(path)
  }

  static func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: url(path))
  }

  /// A binary PPM: "P6", width, height, 255, each on or at the end of a line, then RGB.
  static func image(_ path: String) throws -> RGBImage {
    let data = try bytes(path)
    let lines = data.split(separator: 0x0a, maxSplits: 3, omittingEmptySubsequences: false)
    try #require(lines.count == 4)
    let size = String(decoding: lines[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    return RGBImage(width: size[0], height: size[1], pixels: Array(lines[3]))
  }

  static func floats(_ path: String) throws -> [Float] {
    try bytes(path).withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
  }
}

/// How far two lists of numbers are apart.
struct Deviation: CustomStringConvertible {
  let mean: Double
  let maximum: Double

  init(_ first: some Collection<Double>, _ second: some Collection<Double>) {
    let differences = zip(first, second).map { abs($0 - $1) }
    mean = differences.reduce(0, +) / Double(max(differences.count, 1))
    maximum = differences.max() ?? 0
  }

  init(_ first: RGBImage, _ second: RGBImage) {
    self.init(first.pixels.map(Double.init), second.pixels.map(Double.init))
  }

  var description: String { "mean \(mean), maximum \(maximum)" }
}

extension RGBImage {
  /// Width and height.
  var size: [Int] { [width, height] }
}
