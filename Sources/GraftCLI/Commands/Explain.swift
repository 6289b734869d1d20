import ArgumentParser
import Foundation
import Graft

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what in photographs speaks for what a run's model says of them.",
    discussion: """
      For each photograph a picture is written, named as it is: in grey, and the places that speak for the class coloured, yellow a \
      little, red most (Grad-CAM, arXiv:1610.02391). What the network does not see, beyond the middle, is dark. The places are as \
      large as those of the last feature map, often a 7th of the side; an earlier --layer shows finer places, of simpler things.

      A picture without colour means that no place of that layer speaks for the class.

      Examples:
        graft explain run photo.jpg --out explained
        graft explain run *.jpg --class ants --out explained
        graft explain run photo.jpg --layer fire8/concat --out explained --json
      """)

  @Argument(help: "The folder that `graft finetune` has written.")
  var run: String

  @Argument(help: "Photographs.")
  var photographs: [String]

  @Option(help: ArgumentHelp("The folder to write the pictures into; must be empty, or not exist.", valueName: "dir"))
  var out: String

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "The class, label or value to explain. (default: of each photograph, what the model says most surely)",
      valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "The node whose feature map is looked at. (default: the last; the names are those of graft inspect)",
      valueName: "name"))
  var layer: String?

  @Option(help: FixedPrecisionOption.helpOfRun)
  var precision: FixedPrecisionOption?

  @OptionGroup var images: ImageOptions

  /// The longer side of a picture, at most: a photograph of many megapixels is not seen any better.
  private static let side = 1024

  func validate() throws {
    if photographs.isEmpty { throw ValidationError("name at least one photograph") }
  }

  func run() async throws {
    let choice = try precision?.choice() ?? .ofRun(URL(filePath: run))
    let model = try ModelFiles.read(from: URL(filePath: run))
    let explained = try name.map { try position(of: $0, in: model) }
    let method = try GradCAM(model, layer: layer)
    for path in photographs where !FileManager.default.fileExists(atPath: path) {
      throw FormatError.fileNotFound(path: path)
    }
    let folder = OutputFolder(path: out)
    try folder.requireWritable()
    let samples = photographs.map { Sample(url: URL(filePath: $0), path: $0, label: nil) }
    let isStrict = images.strict
    let (explanations, pictures, skipped) = try await interruptible {
      let (explanations, skipped) = try await method.explain(
        samples, precision: choice.precision, isStrict: isStrict, output: { _ in explained }
      ) { Terminal.standard.show($0) }
      let pictures = try explanations.isEmpty ? [] : write(explanations, to: folder.url, view: model.view)
      return (explanations, pictures, skipped)
    }
    Terminal.standard.finishLine()
    images.report(skipped)
    guard !explanations.isEmpty else { throw TrainingError.noImages(role: "given", skipped: skipped.count) }
    let report = ExplainReport(method, explanations, pictures.map(\.relativePath), skipped)
    if images.json { printJSON(report) } else { for image in report.images { print(image.line) } }
  }

  private func position(of name: String, in model: TrainedModel) throws -> (task: Int, output: Int) {
    for (task, one) in model.tasks.enumerated() {
      if let output = one.names.firstIndex(of: name) { return (task, output) }
    }
    let names = model.tasks.flatMap(\.names)
    throw ValidationError(
      "--class is \(name); the run's model knows \(names.prefix(20).joined(separator: ", "))"
        + (names.count > 20 ? " and \(names.count - 20) others" : ""))
  }

  /// Writes all pictures or none.
  private func write(
    _ explanations: [GradCAM.Explanation], to folder: URL, view: EvaluationView
  ) throws -> [URL] {
    var taken: Set<String> = []
    let names = explanations.map { explanation in
      let name = explanation.prediction.sample.url.deletingPathExtension().lastPathComponent
      let free = [name] + (2...explanations.count + 1).lazy.map { "\(name)-\($0)" }
      return (free.first { taken.insert($0).inserted } ?? name) + ".png"
    }
    try AtomicDirectory.write(to: folder) { temporary in
      for (explanation, name) in zip(explanations, names) {
        try Task.checkCancellation()
        let sample = explanation.prediction.sample
        let image = try ImageDecoder.decode(contentsOf: sample.url).reduced(toSide: Self.side)
        let map = explanation.map
        let picture = try image.veiled(
          heat: map.values, rows: map.rows, columns: map.columns, over: view.seenPart(of: image))
        try picture.writePNG(to: temporary.appending(path: name))
      }
    }
    return names.map { folder.appending(path: $0) }
  }
}

/// What `explain --json` prints.
private struct ExplainReport: Encodable {
  struct Photograph: Encodable {
    let image, explained: String
    /// Of a class or label, its probability; a value as it is.
    let probability: Float
    let picture: String
    let map: ActivationMap

    var line: String {
      "\(image): \(explained) \(String(format: "%.3f", probability)), \(picture)"
        + (map.values.contains { $0 > 0 } ? "" : " (no place speaks for it)")
    }
  }

  let layer: String
  let images: [Photograph]
  let skipped: [String: String]

  init(
    _ method: GradCAM, _ explanations: [GradCAM.Explanation], _ pictures: [String], _ skipped: [SkippedImage]
  ) {
    layer = method.layer
    images = zip(explanations, pictures).map { explanation, picture in
      let prediction = explanation.prediction
      return Photograph(
        image: prediction.sample.path, explained: prediction.tasks[explanation.task].names[explanation.output],
        probability: prediction.outputs[explanation.task][explanation.output], picture: picture, map: explanation.map)
    }
    self.skipped = Dictionary(
      skipped.map { ($0.sample.path, "\($0.reason)") }, uniquingKeysWith: { first, _ in first })
  }
}
