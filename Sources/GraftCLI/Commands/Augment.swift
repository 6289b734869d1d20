import ArgumentParser
import Foundation
import Graft

struct Augment: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what --augment makes of your photographs: a picture with a row for each of them.",
    discussion: """
      In the first column is what validation and predictions see, in the others are the views that a training with the same \
      --seed learns from, in the order of its epochs.

      What may be said, with commas between the words; numbers are limits, within which chance draws:

      \(Augmentation.explanation.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

      A set's words may be said again with another number (medium,rotate:30); 0 leaves one out.

      Examples:
        graft augment --data photos --augment crop,flip --preview sheet.png
        graft augment --data photos --augment medium,erase:0.25 --views 6 --images 4 --preview sheet.png
        graft augment --data photos --augment crop,flip,cutmix:1 --backbone inception-v3 --preview sheet.png --json
      """)

  @Option(
    help: ArgumentHelp(
      "A folder of photographs, folders below it included; of those in its train/ where it has one.", valueName: "dir"))
  var data: String

  @Option(
    help: ArgumentHelp("What chance does to training photographs, as described above.", valueName: "words"),
    transform: { FrontierOptions.Augment(augmentation: try .parse($0)) })
  var augment: FrontierOptions.Augment

  @Option(help: ArgumentHelp("The picture to write, ending in .png.", valueName: "file"))
  var preview: String

  @Option(help: "How many random views of each photograph.")
  var views = 8

  @Option(help: "How many photographs, taken evenly from all of them.")
  var images = 6

  @Option(help: ArgumentHelp("A network's name, for its size of images.", valueName: "name"))
  var backbone: String?

  @Option(
    help: ArgumentHelp("Side of the square images, in pixels. (default: the backbone's, else 224)", valueName: "pixels")
  )
  var imageSize: Int?

  @Option(help: "How photographs are brought to size: by the shorter side, then the middle; or squashed.")
  var resize = ResizeOption.crop

  @Option(help: "Of all chance.")
  var seed: UInt64 = 0

  @OptionGroup var reading: ImageOptions

  func validate() throws {
    guard preview.hasSuffix(".png") else {
      throw ValidationError("--preview is \(preview); expected a name that ends in .png")
    }
    guard augment.augmentation != nil else {
      throw ValidationError("--augment is none, which there is nothing to see of; name what chance may do")
    }
    guard (1...64).contains(views) else { throw ValidationError("--views is \(views); expected 1 to 64") }
    guard (1...500).contains(images) else { throw ValidationError("--images is \(images); expected 1 to 500") }
    try BackboneOptions.validate(imageSize: imageSize)
  }

  func run() throws {
    guard let augmentation = augment.augmentation else { return }
    let side = try imageSize ?? backbone.map { try Architecture.named($0).defaultInputSize } ?? 224
    let sheet = ContactSheet(cellWidth: side, cellHeight: side, columns: views + 1).size(rows: images)
    guard sheet.width * sheet.height <= ImageDecoder.pixelLimit else {
      throw ValidationError(
        "a picture of \(sheet.width) × \(sheet.height) pixels is more than anyone can look at; take fewer --images or --views"
      )
    }
    let work = AugmentationPreview(
      EvaluationView(width: side, height: side, resize: resize.resize), augmentation, seed: seed, views: views)
    let result = try work.make(of: photographs(), count: images, isStrict: reading.strict)
    reading.report(result.skipped)
    let picture = result.sheet.image
    try AtomicFile.write(to: URL(filePath: preview)) { try $0.write(picture.pngFile()) }
    let report = AugmentReport(self, augmentation, result, picture)
    if reading.json { printJSON(report) } else { print(report.legend) }
  }

  private func photographs() throws -> [Sample] {
    let folder = URL(filePath: data)
    let training = folder.appending(path: "train")
    var isFolder: ObjCBool = false
    let hasTraining =
      FileManager.default.fileExists(atPath: training.path(percentEncoded: false), isDirectory: &isFolder)
      && isFolder.boolValue
    return try ImageFolder(withoutClasses: hasTraining ? training : folder).samples
  }
}

/// What `augment --json` prints.
private struct AugmentReport: Encodable {
  struct Mixture: Encodable {
    /// Counted from 1, which is the evaluation view's.
    let column: Int
    let kind: String
    /// Of each row's own photograph.
    let share: Float
    /// For each row, the row that is mixed into it; both counted from 1.
    let partners: [Int]
  }

  let preview, augment: String
  let width, height, cellWidth, cellHeight: Int
  /// The photograph of each row.
  let rows: [String]
  let views: Int
  let mixtures: [Mixture]
  let imagesSkipped: Int
  /// On one thread: reading and decoding a photograph, and making one random view of it.
  let decodingMilliseconds, viewMilliseconds: Double

  init(_ command: Augment, _ augmentation: Augmentation, _ result: AugmentationPreview.Result, _ picture: RGBImage) {
    preview = command.preview
    augment = "\(augmentation)"
    (width, height) = (picture.width, picture.height)
    (cellWidth, cellHeight) = (result.sheet.cellWidth, result.sheet.cellHeight)
    rows = result.samples.map(\.path)
    views = command.views
    mixtures = result.mixtures.enumerated().compactMap { number, mixture in
      mixture.map {
        Mixture(
          column: number + 2, kind: $0.box == nil ? "mixup" : "cutmix", share: $0.share,
          partners: $0.partners.map { $0 + 1 })
      }
    }
    imagesSkipped = result.skipped.count
    decodingMilliseconds = result.decodingSeconds * 1000 / Double(result.samples.count)
    viewMilliseconds = result.viewSeconds * 1000 / Double(result.samples.count * command.views)
  }

  var legend: String {
    var lines = [
      "\(preview): \(width) × \(height) pixels; \(augment)",
      "column 1 is the evaluation view, the others are \(views == 1 ? "a random view" : "\(views) random views")",
    ]
    lines += rows.enumerated().map { "row \($0.offset + 1): \($0.element)" }
    lines += mixtures.map { mixture in
      "column \(mixture.column): \(mixture.kind), \(String(format: "%.2f", mixture.share)) of each row's own photograph, "
        + "the rest of rows \(mixture.partners.map(String.init).joined(separator: ", "))"
    }
    let times = [decodingMilliseconds, viewMilliseconds].map { String(format: "%.1f", $0) }
    lines.append("\(times[0]) ms to decode a photograph, \(times[1]) ms for a view of it, on one thread")
    return lines.joined(separator: "\n")
  }
}
