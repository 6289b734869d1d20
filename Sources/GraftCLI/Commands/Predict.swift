import ArgumentParser
import Foundation
import Graft

struct Predict: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what photographs show, by a run's model.",
    discussion: """
      Of a folder that holds several runs, as graft finetune --folds writes it, the mean of what they say is told. What they have in \
      common, a frozen network, is computed once for all.

      Examples:
        graft predict run photo.jpg
        graft predict run *.jpg --top 1 --json
        graft predict run photo.jpg --precision fp32
        graft predict cross-validated photo.jpg
      """)

  @Argument(help: "The folder that `graft finetune` has written, or a folder that holds several of them.")
  var run: String

  @Argument(help: "Photographs.")
  var photographs: [String]

  @Option(help: "How many classes to name for each.")
  var top = 3

  @Option(help: FixedPrecisionOption.helpOfRun)
  var precision: FixedPrecisionOption?

  @OptionGroup var images: ImageOptions

  func validate() throws {
    if top < 1 { throw ValidationError("--top is \(top); expected at least 1") }
    if photographs.isEmpty { throw ValidationError("name at least one photograph") }
  }

  func run() async throws {
    let ensemble = try ModelEnsemble(contentsOf: URL(filePath: run), precision: precision?.choice())
    for path in photographs where !FileManager.default.fileExists(atPath: path) {
      throw FormatError.fileNotFound(path: path)
    }
    let samples = photographs.map { Sample(url: URL(filePath: $0), path: $0, label: nil) }
    let isStrict = images.strict
    ensemble.describe()
    let (predictions, skipped) = try await interruptible {
      try await ensemble.predict(samples, isStrict: isStrict)
    }
    images.report(skipped)
    guard !predictions.isEmpty else { throw TrainingError.noImages(role: "given", skipped: skipped.count) }
    if images.json {
      printJSON(PredictReport(predictions, skipped, ensemble, top: top))
    } else {
      for prediction in predictions {
        let heads = prediction.tasks.indices.map { task in
          prediction.guesses(of: task).prefix(top).map { String(format: "%@ %.3f", $0.label, $0.probability) }
            .joined(separator: ", ")
        }
        print("\(prediction.sample.path): \(heads.joined(separator: "; "))")
      }
    }
  }
}

/// What `predict --json` prints.
private struct PredictReport: Encodable {
  struct Guess: Encodable {
    let label: String
    let probability: Float
  }

  struct Photograph: Encodable {
    let image: String
    let predictions: [Guess]
    /// Of further heads, where there are several.
    let others: [[Guess]]?
  }

  let images: [Photograph]
  let skipped: [String: String]
  /// Of which the mean is told.
  let runs: [String]
  /// The first one's.
  let precision: Precision
  let precisionChoice: PrecisionChoice

  init(_ predictions: [Prediction], _ skipped: [SkippedImage], _ ensemble: ModelEnsemble, top: Int) {
    runs = ensemble.members.map(\.name)
    precisionChoice = ensemble.members[0].precision
    precision = precisionChoice.precision
    func guesses(_ prediction: Prediction, _ task: Int) -> [Guess] {
      prediction.guesses(of: task).prefix(top).map { Guess(label: $0.label, probability: $0.probability) }
    }
    images = predictions.map { prediction in
      Photograph(
        image: prediction.sample.path,
        predictions: guesses(prediction, 0),
        others: prediction.tasks.count > 1 ? (1..<prediction.tasks.count).map { guesses(prediction, $0) } : nil)
    }
    self.skipped = Dictionary(
      skipped.map { ($0.sample.path, "\($0.reason)") }, uniquingKeysWith: { first, _ in first })
  }
}
