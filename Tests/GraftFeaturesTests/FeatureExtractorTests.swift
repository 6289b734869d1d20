import Foundation
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors
import Testing

@testable import GraftFeatures

@Suite struct FeatureExtractorTests {
  private let photographs: Photographs
  private var table: URL { photographs.folder.appending(path: "f.npy") }
  private var index: URL { photographs.folder.appending(path: "f.csv") }

  init() throws { photographs = try Photographs(count: 20) }

  private func extractor(pooling: FeaturePooling) throws -> FeatureExtractor {
    var graph = try LayerGraph(input: [3, 8, 8])
    try graph.add(Conv2D("conv", filters: 5, kernel: 3, activation: .relu))  // [5, 6, 6]
    return FeatureExtractor(
      graph: try graph.pooled(pooling), parameters: .initialized(graph.parameters, seed: 1),
      view: EvaluationView(width: 8, height: 8, resize: .squash), preprocessing: .tensorFlow)
  }

  private func lines() throws -> [String] {
    try String(contentsOf: index, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test func `each row is of the photograph that the index names`() async throws {
    let extractor = try extractor(pooling: .avg)
    let summary = try await extractor.write(photographs.samples, classes: ["even", "odd"], to: table)
    #expect(summary.shape == [20, 5] && summary.skipped.isEmpty)
    let rows = try NumPyFile.read(contentsOf: table)
    #expect(rows.shape == [20, 5])
    let lines = try lines()
    #expect(lines.count == 21 && lines[0] == "row,path,class")
    let alone = photographs.folder.appending(path: "alone.npy")
    for (row, sample) in photographs.samples.enumerated() {
      #expect(lines[row + 1] == "\(row),\(sample.path),\(row % 2 == 0 ? "even" : "odd")")
      _ = try await extractor.write([sample], classes: ["even", "odd"], to: alone)
      #expect(try NumPyFile.read(contentsOf: alone).floats == rows[rows: row..<row + 1].floats)
    }
    // No two photographs are alike, so neither may be their rows.
    #expect(Set((0..<20).map { rows[rows: $0..<$0 + 1].floats }).count == 20)
  }

  @Test func `feature maps are written height, width, channel`() async throws {
    let maps = try extractor(pooling: .none)
    #expect(maps.rowShape == [6, 6, 5])
    _ = try await maps.write(photographs.samples, classes: ["even", "odd"], to: table)
    let rows = try NumPyFile.read(contentsOf: table)
    #expect(rows.shape == [20, 6, 6, 5])
    // Their means over height and width are the pooled features, channel by channel.
    let pooled = photographs.folder.appending(path: "pooled.npy")
    _ = try await extractor(pooling: .avg).write(photographs.samples, classes: ["even", "odd"], to: pooled)
    let expected = try NumPyFile.read(contentsOf: pooled).floats
    let numbers = rows.floats
    for (position, mean) in expected.enumerated() {
      let (image, channel) = (position / 5, position % 5)
      let sum = (0..<36).reduce(Float(0)) { $0 + numbers[(image * 36 + $1) * 5 + channel] }
      #expect(abs(sum / 36 - mean) < 1e-5)
    }
  }

  @Test func `an unreadable file is skipped in both, and named`() async throws {
    var samples = photographs.samples
    try samples.insert(photographs.unreadable(), at: 1)
    let summary = try await extractor(pooling: .max).write(samples, classes: ["even", "odd"], to: table)
    #expect(summary.skipped.map(\.sample.path) == ["note.jpg"])
    #expect(try NumPyFile.read(contentsOf: table).shape == [20, 5])
    #expect(try lines().dropFirst().map { $0.split(separator: ",")[1] } == photographs.samples.map { $0.path[...] })
  }

  @Test func `a strict extraction that fails leaves neither file`() async throws {
    let samples = try photographs.samples + [photographs.unreadable()]
    let extractor = try extractor(pooling: .avg)
    let before = photographs.names
    await #expect(throws: DatasetError.self) {
      _ = try await extractor.write(samples, classes: ["even", "odd"], to: table, isStrict: true)
    }
    #expect(photographs.names == before)
  }

  @Test func `where the index cannot be written the table is not either`() async throws {
    try FileManager.default.createDirectory(at: index, withIntermediateDirectories: true)
    let before = photographs.names
    let extractor = try extractor(pooling: .avg)
    await #expect(throws: FormatError.writeFailed(path: index.path, reason: "it is a folder")) {
      _ = try await extractor.write(photographs.samples, classes: ["even", "odd"], to: table)
    }
    #expect(photographs.names == before)
  }

  @Test(arguments: [
    ("a,b.bmp", "\"a,b.bmp\""), ("a\"b.bmp", "\"a\"\"b.bmp\""), ("a\nb.bmp", "\"a\nb.bmp\""),
    ("a\r\nb.bmp", "\"a\r\nb.bmp\""), ("a b.bmp", "a b.bmp"),
  ])
  func `names with commas, quotes and line breaks are quoted as RFC 4180 says`(name: String, field: String) async throws
  {
    let sample = Sample(url: photographs.samples[0].url, path: name, label: nil)
    _ = try await extractor(pooling: .avg).write([sample], classes: [], to: table)
    #expect(try String(contentsOf: index, encoding: .utf8) == "row,path,class\n0,\(field),\n")
  }
}
