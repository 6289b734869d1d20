import Foundation
import Testing

@testable import GraftImages

/// What decoding will hold, by the files.
@Suite struct DecodingMemoryTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "graft-\(UUID().uuidString)")

  /// One bitmap for each side.
  private func samples(sides: [Int]) throws -> [Sample] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try sides.enumerated().map { number, side in
      let name = "\(number).png"
      let pixels = (0..<side * side * 3).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 8) }
      let image = RGBImage(width: side, height: side, pixels: pixels)
      try image.pngFile().write(to: folder.appending(path: name))
      return Sample(url: folder.appending(path: name), path: name, label: 0)
    }
  }

  private func bytes(_ sample: Sample) throws -> Int { try sample.content().count }

  @Test func `the largest files count, as many as threads, and the largest of them twice`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let samples = try samples(sides: [20, 90, 30, 70])
    let (largest, second) = try (90 * 90 * 3 + bytes(samples[1]), 70 * 70 * 3 + bytes(samples[3]))
    #expect(DecodingMemory.peak(of: samples, threads: 2) == 2 * largest + second)
    #expect(DecodingMemory.peak(of: samples, threads: 1) == 2 * largest)
    #expect(DecodingMemory.peak(of: [], threads: 2) == 0)
    let mean = try Double(samples.reduce(0) { try $0 + bytes($1) }) / 4
    #expect(FileSizes(of: samples).mean == mean)
  }

  @Test func `what is gone or no photograph counts nothing`() throws {
    let gone = Sample(url: folder.appending(path: "gone.png"), path: "gone.png", label: 0)
    #expect(DecodingMemory.peak(of: [gone], threads: 2) == 0)
    #expect(FileSizes(of: [gone]).mean == 0 && FileSizes(of: []).mean == 0)
  }
}
