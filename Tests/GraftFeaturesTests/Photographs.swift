import Foundation
import GraftImages
import GraftTensors

/// Small bitmaps of noise, no two alike, in a folder that goes away with the value.
final class Photographs {
  let folder: URL
  /// The even ones are of class 0, the odd ones of class 1.
  let samples: [Sample]

  init(count: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "graft-features-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var generator = SeededGenerator(seed: 11, stream: 0)
    samples = try (0..<count).map { number in
      let url = folder.appending(path: "\(number).bmp")
      try Self.bitmap(&generator).write(to: url)
      return Sample(url: url, path: "\(number).bmp", label: number % 2)
    }
    self.folder = folder
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Everything in the folder, hidden files included.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  func unreadable() throws -> Sample {
    let url = folder.appending(path: "note.jpg")
    try Data("no picture".utf8).write(to: url)
    return Sample(url: url, path: "note.jpg", label: 0)
  }

  /// 8 × 8 pixels, three bytes each.
  private static func bitmap(_ generator: inout SeededGenerator) -> Data {
    func word(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    let header =
      Array("BM".utf8) + word(246, 4) + word(0, 4) + word(54, 4) + word(40, 4) + word(8, 4) + word(8, 4)
      + word(1, 2) + word(24, 2) + word(0, 4) + word(192, 4) + word(2835, 4) + word(2835, 4) + word(0, 8)
    return Data(header + (0..<192).map { _ in UInt8(255 * generator.nextUniform()) })
  }
}
