import Foundation
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImages

struct ImageLoaderTests {
  let folder: TemporaryFolder
  let view = EvaluationView(width: 8, height: 6)

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Files of one colour each, whose red is 10 × their number; those in `broken` are empty.
  private func samples(_ count: Int, broken: Set<Int> = []) throws -> [Sample] {
    let header = try Fixture.bytes("images/rgb.bmp").prefix(54)
    return try (0..<count).map { number in
      let pixels = (0..<24 * 16).flatMap { _ in [3, 2, UInt8(number * 10)] as [UInt8] }
      let name = "\(number).bmp"
      let url = try folder.write(name, broken.contains(number) ? Data() : header + Data(pixels))
      return Sample(url: url, path: name, label: number % 2)
    }
  }

  private func loader(_ samples: [Sample], batch: Int, threads: Int = 3, strict: Bool = false) -> ImageLoader {
    ImageLoader(
      samples: samples, view: view, preprocessing: .identity, batch: batch, threads: threads, strict: strict)
  }

  private func collect(_ loader: ImageLoader) async throws -> [ImageBatch] {
    var batches: [ImageBatch] = []
    for try await batch in loader { batches.append(batch) }
    return batches
  }

  @Test(arguments: [1, 2, 7])
  func `batches are in order, full but for the last, and hold each image's own pixels`(threads: Int) async throws {
    let batches = try await collect(loader(samples(10), batch: 4, threads: threads))
    #expect(batches.map(\.indices) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(batches.map(\.images.shape) == [[4, 3, 6, 8], [4, 3, 6, 8], [2, 3, 6, 8]])
    for batch in batches {
      for (row, index) in batch.indices.enumerated() {
        // Red, green and blue planes of one image.
        let floats = batch.images[rows: row..<row + 1].floats
        #expect(floats[..<48].allSatisfy { $0 == Float(index * 10) })
        #expect(floats[48..<96].allSatisfy { $0 == 2 })
        #expect(floats[96...].allSatisfy { $0 == 3 })
        #expect(batch.samples[row].path == "\(index).bmp")
      }
      #expect(batch.skipped.isEmpty)
    }
  }

  @Test func `channels lie innermost in memory`() async throws {
    let batch = try #require(try await collect(loader(samples(2), batch: 2)).first)
    #expect(batch.images.strides == [6 * 8 * 3, 1, 8 * 3, 3])
  }

  @Test func `a batch equals the views of its files`() async throws {
    let names = ["rgb.jpg", "rgba.png", "animated.webp", "still.gif"]
    let samples = try names.map { Sample(url: try Fixture.url("images/\($0)"), path: $0, label: nil) }
    for resize in EvaluationView.Resize.allCases {
      let view = EvaluationView(width: 14, height: 14, resize: resize)
      let loader = ImageLoader(samples: samples, view: view, preprocessing: .caffe, batch: 4)
      let batch = try #require(try await collect(loader).first)
      for (row, sample) in samples.enumerated() {
        let image = try ImageDecoder.decode(contentsOf: sample.url)
        let expected = try view.tensor(of: image, preprocessing: .caffe).permuted([2, 0, 1]).floats
        #expect(batch.images[rows: row..<row + 1].floats == expected)
      }
    }
  }

  @Test func `an unreadable file is skipped, named, and replaced by the next`() async throws {
    let batches = try await collect(loader(samples(9, broken: [0, 3, 4, 8]), batch: 2))
    #expect(batches.map(\.indices) == [[1, 2], [5, 6], [7]])
    #expect(
      batches.map { $0.skipped.map(\.description) } == [
        ["0.bmp", "3.bmp", "4.bmp"].map { $0 + ": the file is empty (0 bytes): copy or download it again" }, [],
        ["8.bmp: the file is empty (0 bytes): copy or download it again"],
      ])
  }

  @Test func `unreadable files after the last full batch are reported with it`() async throws {
    let batches = try await collect(loader(samples(6, broken: [4, 5]), batch: 2))
    #expect(batches.map(\.indices) == [[0, 1], [2, 3]])
    #expect(batches.map { $0.skipped.map(\.sample.path) } == [[], ["4.bmp", "5.bmp"]])
  }

  @Test func `a strict loader ends with the first unreadable file`() async throws {
    let loader = try loader(samples(9, broken: [5, 7]), batch: 2, strict: true)
    var indices: [[Int]] = []
    let error = await #expect(throws: DatasetError.self) {
      for try await batch in loader { indices.append(batch.indices) }
    }
    #expect(error?.description == "5.bmp: the file is empty (0 bytes): copy or download it again")
    #expect(indices == [[0, 1], [2, 3]])
  }

  @Test func `files of which none is an image are an error`() async throws {
    let loader = try loader(samples(3, broken: [0, 1, 2]), batch: 2)
    let error = await #expect(throws: DatasetError.self) { for try await _ in loader {} }
    #expect(
      error?.description == "None of the 3 files can be read as an image. The first is 0.bmp: "
        + "the file is empty (0 bytes): copy or download it again")
  }

  @Test func `no samples give no batches`() async throws {
    #expect(try await collect(loader([], batch: 2)).isEmpty)
  }

  @Test func `every iteration starts anew`() async throws {
    let loader = try loader(samples(5), batch: 2)
    let first = try await collect(loader)
    let second = try await collect(loader)
    #expect(first.map(\.indices) == second.map(\.indices))
    #expect(first.map(\.images.floats) == second.map(\.images.floats))
  }

  @Test func `fingerprints are those of the readable files, in order`() async throws {
    let samples = try samples(6, broken: [2, 5])
    let loader = ImageLoader(samples: samples, view: view, preprocessing: .identity, batch: 3) { Array($0.suffix(2)) }
    let batches = try await collect(loader)
    #expect(batches.map(\.fingerprints) == [[[2, 0], [2, 10], [2, 30]], [[2, 40]]])
    #expect(try await collect(self.loader(samples, batch: 3)).allSatisfy { $0.fingerprints.isEmpty })
  }

  @Test func `where none is allowed, files of which not one can be read are told of in a batch without images`()
    async throws
  {
    let samples = try samples(3, broken: [0, 1, 2])
    let loader = ImageLoader(samples: samples, view: view, preprocessing: .identity, batch: 2, allowsNone: true)
    let batches = try await collect(loader)
    #expect(batches.count == 1 && batches[0].samples.isEmpty)
    #expect(batches[0].skipped.map(\.sample) == samples)
  }
}
