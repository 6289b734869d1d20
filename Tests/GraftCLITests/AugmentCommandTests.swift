import Foundation
import GraftImages
import Testing

/// `graft augment`.
@Suite struct AugmentCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace(count: 3) }

  private struct Report: Decodable {
    struct Mixture: Decodable {
      let column: Int
      let kind: String
      let share: Float
      let partners: [Int]
    }

    let preview, augment: String
    let width, height, cellWidth, views, imagesSkipped: Int
    let rows: [String]
    let mixtures: [Mixture]
    let decodingMilliseconds, viewMilliseconds: Double
  }

  private func augment(_ options: String...) throws -> GraftProgram.Outcome {
    try GraftProgram.run(["augment", "--data", "photos", "--preview", "sheet.png"] + options, in: place.folder)
  }

  @Test func `a sheet is written, and its rows are named`() throws {
    let outcome = try augment("--augment", "medium", "--views", "3", "--images", "4", "--image-size", "32")
    #expect(outcome.status == 0, "\(outcome.messages)")
    // 8 + 4 · 32 + 16 + 2 · 4 by 4 + 4 · 36.
    #expect(
      outcome.output.hasPrefix(
        """
        sheet.png: 160 × 148 pixels; crop,flip,rotate:10,shear:5,brightness:0.2,contrast:0.2,saturation:0.2,hue:0.02
        column 1 is the evaluation view, the others are 3 random views
        row 1: blue/0.bmp
        row 2: blue/1.bmp
        row 3: red/0.bmp
        row 4: red/1.bmp

        """))
    #expect(
      outcome.output.contains(#/\n\d+\.\d ms to decode a photograph, \d+\.\d ms for a view of it, on one thread\n$/#))
    let image = try ImageDecoder.decode(contentsOf: place.folder.appending(path: "sheet.png"))
    #expect(image.width == 160 && image.height == 148)
    // Reds are red, blues are blue, and nothing is black.
    #expect(image[30, 130].red > image[30, 130].blue && image[30, 20].blue > image[30, 20].red)
    #expect(image.pixels.allSatisfy { $0 > 5 })
  }

  @Test func `the same seed writes the same bytes, another one others`() throws {
    var sheets: [Data] = []
    for seed in ["1", "1", "2"] {
      #expect(try augment("--augment", "strong", "--views", "2", "--image-size", "32", "--seed", seed).status == 0)
      sheets.append(try Data(contentsOf: place.folder.appending(path: "sheet.png")))
    }
    #expect(sheets[0] == sheets[1] && sheets[0] != sheets[2])
    #expect(place.names == ["photos", "sheet.png"])
  }

  @Test func `JSON tells what is mixed with what`() throws {
    let report = try augment(
      "--augment", "flip,mixup:0.4,cutmix:1", "--views", "5", "--images", "6", "--backbone", "squeezenet-tiny", "--json"
    ).decoded(Report.self)
    #expect(report.augment == "flip,mixup:0.4,cutmix:1")
    #expect(report.rows.count == 6 && report.views == 5 && report.imagesSkipped == 0)
    #expect(report.decodingMilliseconds > 0 && report.viewMilliseconds > 0)
    #expect(report.mixtures.map(\.column) == [2, 3, 4, 5, 6])
    #expect(
      report.mixtures.allSatisfy { ["mixup", "cutmix"].contains($0.kind) && $0.partners.sorted() == Array(1...6) })
  }

  @Test func `training photographs are taken where they are divided`() throws {
    try FileManager.default.createDirectory(
      at: place.folder.appending(path: "data/val"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      at: place.folder.appending(path: "photos"), to: place.folder.appending(path: "data/train"))
    let outcome = try GraftProgram.run(
      ["augment", "--data", "data", "--preview", "sheet.png", "--augment", "flip", "--image-size", "16", "--json"],
      in: place.folder)
    #expect(try outcome.decoded(Report.self).rows.count == 6)
  }

  @Test(arguments: [
    (["--augment", "none"], "--augment is none, which there is nothing to see of; name what chance may do", 64),
    (["--augment", "turn"], "“turn” is nothing that can be done to photographs; write crop, flip", 64),
    (["--augment", "flip", "--views", "0"], "--views is 0; expected 1 to 64", 64),
    (["--augment", "flip", "--images", "0"], "--images is 0; expected 1 to 500", 64),
    (["--augment", "flip", "--preview", "sheet.jpg"], "--preview is sheet.jpg; expected a name that ends in .png", 64),
    (["--augment", "flip", "--image-size", "9000", "--views", "60"], "is more than anyone can look at", 64),
    (["--augment", "flip", "--data", "nowhere"], "nowhere", 66),
    (["--augment", "flip", "--preview", "missing/sheet.png"], "missing/sheet.png", 74),
    (["--augment", "flip", "--preview", "photos/folder.png"], "it is a folder", 74),
  ])
  func `what cannot be done is said, and nothing is written`(options: [String], message: String, status: Int32) throws {
    try FileManager.default.createDirectory(
      at: place.folder.appending(path: "photos/folder.png"), withIntermediateDirectories: true)
    var arguments = ["augment", "--data", "photos", "--image-size", "16", "--preview", "sheet.png"]
    for (option, value) in zip(options, options.dropFirst()) where option.hasPrefix("--") {
      if let place = arguments.firstIndex(of: option) {
        arguments[place + 1] = value
      } else {
        arguments += [option, value]
      }
    }
    let outcome = try GraftProgram.run(arguments, in: place.folder)
    #expect(outcome.status == status, "\(outcome.messages)")
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
    #expect(place.names == ["photos"])
  }
}
