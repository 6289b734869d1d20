import ArgumentParser
import Foundation
import Graft

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a run's model on photographs whose classes are known.",
    discussion: """
      The folder holds one folder for each class, named as in the training; where it has a val/ folder, that is used.
      Photographs that the training has seen flatter the model: after a training with --split, keep others for this.

      Examples:
        graft evaluate run --data photos
        graft evaluate run --data test-photos --json
        graft evaluate run --data photos --precision fp32
      """)

  @Argument(help: "The folder that `graft finetune` has written.")
  var run: String

  @Option(help: ArgumentHelp("A folder of photographs, one folder for each class.", valueName: "dir"))
  var data: String

  @Option(help: FixedPrecisionOption.helpOfRun)
  var precision: FixedPrecisionOption?

  @OptionGroup var images: ImageOptions

  func run() async throws {
    let choice = try precision?.choice() ?? .ofRun(URL(filePath: run))
    let model = try ModelFiles.read(from: URL(filePath: run))
    let folder = try ImageFolder(contentsOf: validationFolder, classes: model.classes)
    let isStrict = images.strict
    if let line = choice.lineOfRun { Terminal.standard.write(line) }
    let (predictions, skipped) = try await interruptible {
      try await model.predict(folder.samples, precision: choice.precision, isStrict: isStrict) {
        Terminal.standard.show($0)
      }
    }
    Terminal.standard.finishLine()
    images.report(skipped)
    guard !predictions.isEmpty else { throw TrainingError.noImages(role: "given", skipped: skipped.count) }
    let report = EvaluateReport(model.classes, predictions, skipped, choice)
    if images.json { printJSON(report) } else { print(report.text) }
  }

  private var validationFolder: URL {
    let url = URL(filePath: data)
    let below = ["val", "valid", "validation"].map { url.appending(path: $0) }
    return below.first { FileManager.default.fileExists(atPath: $0.path) } ?? url
  }
}

/// What `evaluate --json` prints.
private struct EvaluateReport: Encodable {
  let accuracy, loss: Double
  let images, imagesSkipped: Int
  let classes: [String]
  /// Row: the class that an image is of; column: the class that the model says.
  let confusionMatrix: [[Int]]
  let precision: Precision
  let precisionChoice: PrecisionChoice

  init(_ classes: [String], _ predictions: [Prediction], _ skipped: [SkippedImage], _ choice: PrecisionChoice) {
    precision = choice.precision
    precisionChoice = choice
    var matrix = ConfusionMatrix(classes: classes.count)
    var meanLoss = RunningMean()
    for prediction in predictions {
      let label = prediction.sample.label ?? 0
      let scores = Tensor(prediction.probabilities, shape: [1, classes.count])
      matrix.add(scores: scores, labels: [label])
      meanLoss.add(mean: -log(max(prediction.probabilities[label], .leastNormalMagnitude)), count: 1)
    }
    accuracy = Double(matrix.correct) / Double(max(matrix.count, 1))
    loss = meanLoss.value ?? .nan
    images = predictions.count
    imagesSkipped = skipped.count
    self.classes = classes
    confusionMatrix = matrix.counts
  }

  var text: String {
    let width = (classes.map(\.count).max() ?? 0) + 2
    var lines = [
      String(format: "accuracy %.4f  loss %.4f  on %d images", accuracy, loss, images), "",
      "confusion (row: is, column: said)",
    ]
    for (name, counts) in zip(classes, confusionMatrix) {
      let cells = counts.map { String(format: "%6d", $0) }.joined()
      lines.append(name.padding(toLength: width, withPad: " ", startingAt: 0) + cells)
    }
    return lines.joined(separator: "\n")
  }
}
