import Foundation
import GraftGraph
import Testing

@testable import GraftImages

struct AugmentationPreviewTests {
  private func cell(_ level: UInt8) -> RGBImage {
    RGBImage(width: 2, height: 1, pixels: .init(repeating: level, count: 6))
  }

  @Test func `a sheet has its pictures on white, the first column apart`() {
    var sheet = ContactSheet(cellWidth: 2, cellHeight: 1, columns: 3)
    sheet.append([cell(1), cell(2), cell(3)])
    sheet.append([cell(4), cell(5), cell(6)])
    let image = sheet.image
    #expect(image.size == [4 + 2 + 16 + 2 + 4 + 2 + 4, 4 + 1 + 4 + 1 + 4])
    for (level, x, y) in [(1, 4, 4), (2, 22, 4), (3, 28, 4), (4, 4, 9), (5, 22, 9), (6, 28, 9)] as [(UInt8, Int, Int)] {
      #expect(image[x, y].red == level && image[x + 1, y].blue == level)
      #expect(image[x + 2, y].green == 255 && image[x - 1, y].green == 255)
    }
    #expect(image.pixels.count { $0 != 255 } == 36)
  }

  private func samples(_ names: [String]) throws -> [Sample] {
    try names.map { Sample(url: try Fixture.url("images/\($0)"), path: $0, label: nil) }
  }

  private let evaluation = EvaluationView(width: 14, height: 14)

  @Test func `the first column is the evaluation view, the others the training's own views`() throws {
    let names = ["rgb.jpg", "rgba.png", "still.gif", "lossy.webp"]
    let result = try AugmentationPreview(evaluation, Augmentation(), seed: 5, views: 3).make(
      of: samples(names), count: 2)
    #expect(result.samples.map(\.path) == ["rgb.jpg", "still.gif"])
    #expect(result.sheet.rows.map(\.count) == [4, 4])
    for (row, sample) in zip(result.sheet.rows, result.samples) {
      let image = try ImageDecoder.decode(contentsOf: sample.url)
      let plain = try evaluation.values(of: image, preprocessing: .identity)
      #expect(row[0].pixels.map(Float.init) == plain)
      for number in 0..<3 {
        let view = TrainingView(evaluation, Augmentation(), seed: 5, number: number)
        #expect(
          try row[number + 1].pixels.map(Float.init)
            == view.values(of: image, from: sample.content(), preprocessing: .identity))
      }
    }
  }

  @Test func `columns are mixed as batches, not the first`() throws {
    var mixing = Augmentation()
    let plain = try AugmentationPreview(evaluation, mixing, seed: 5, views: 2).make(
      of: samples(["rgb.jpg", "still.gif"]), count: 2)
    mixing.mixing = ImageMixing(mixUp: nil, cutMix: 1)
    let mixed = try AugmentationPreview(evaluation, mixing, seed: 5, views: 2).make(
      of: samples(["rgb.jpg", "still.gif"]), count: 2)
    #expect(plain.mixtures == [nil, nil])
    for (column, mixture) in mixed.mixtures.enumerated() {
      let mixture = try #require(mixture)
      let box = try #require(mixture.box)
      for row in 0..<2 {
        #expect(mixed.sheet.rows[row][0] == plain.sheet.rows[row][0])
        for (x, y) in [(0, 0), (13, 0), (7, 7), (0, 13), (13, 13)] {
          let isCut = (box.left..<box.left + box.width).contains(x) && (box.top..<box.top + box.height).contains(y)
          let origin = plain.sheet.rows[isCut ? mixture.partners[row] : row][column + 1]
          #expect(mixed.sheet.rows[row][column + 1][x, y] == origin[x, y])
        }
      }
    }
  }

  @Test func `what cannot be read is named, and another takes its place`() throws {
    let missing = Sample(url: URL(filePath: "/nowhere/gone.jpg"), path: "gone.jpg", label: nil)
    let preview = AugmentationPreview(evaluation, Augmentation(), seed: 5, views: 1)
    let result = try preview.make(of: [missing] + samples(["rgb.jpg", "still.gif"]), count: 2)
    #expect(
      result.samples.map(\.path) == ["rgb.jpg", "still.gif"] || result.samples.map(\.path) == ["still.gif", "rgb.jpg"])
    #expect(result.skipped.map(\.sample.path) == ["gone.jpg"])
    #expect(throws: DatasetError.self) { try preview.make(of: [missing], count: 1) }
    #expect(throws: DatasetError.self) {
      try preview.make(of: [missing] + samples(["rgb.jpg"]), count: 1, isStrict: true)
    }
  }
}
