import ArgumentParser
import Foundation
import Graft

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a run's model on photographs of which it is known what is right.",
    discussion: """
      A folder holds one folder for each class, named as in the training; where it has a val/ folder, that is used. Of a table, \
      the rows for the test are used, else those for validation, else all. Photographs that the training has seen flatter the \
      model: after a training with --split, keep others for this. Of a folder that holds several runs the mean is measured.

      Examples:
        graft evaluate run --data photos
        graft evaluate run --data test-photos --json
        graft evaluate run --data test.csv --label-column species
        graft evaluate run --data photos --precision fp32
        graft evaluate cross-validated --data test-photos
      """)

  @Argument(help: "The folder that `graft finetune` has written, or a folder that holds several of them.")
  var run: String

  @OptionGroup var data: DataOptions

  @Option(help: FixedPrecisionOption.helpOfRun)
  var precision: FixedPrecisionOption?

  @OptionGroup var images: ImageOptions

  func run() async throws {
    let ensemble = try ModelEnsemble(contentsOf: URL(filePath: run), precision: precision?.choice())
    let samples = try samples(for: ensemble.members[0].model)
    let isStrict = images.strict
    ensemble.describe()
    let (predictions, skipped) = try await interruptible {
      try await ensemble.predict(samples, isStrict: isStrict) {
        Terminal.standard.show($0)
      }
    }
    Terminal.standard.finishLine()
    images.report(skipped)
    guard !predictions.isEmpty else { throw TrainingError.noImages(role: "given", skipped: skipped.count) }
    let report = EvaluateReport(ensemble, predictions, skipped)
    if images.json { printJSON(report) } else { print(report.text) }
  }

  private func samples(for model: TrainedModel) throws -> [Sample] {
    if let folder = data.data.first, data.data.count == 1, case .classification = model.tasks[0],
      model.tasks.count == 1,
      Self.isFolder(folder)
    {
      let below = ["val", "valid", "validation"].map { URL(filePath: folder).appending(path: $0) }
      let chosen = below.first { FileManager.default.fileExists(atPath: $0.path) } ?? URL(filePath: folder)
      return try ImageFolder(contentsOf: chosen, classes: model.classes).samples
    }
    var known: [String]?
    if case .classification(let classes) = model.tasks[0], model.tasks.count == 1 { known = classes }
    let sets = try data.open(seed: 0, knownClasses: known)
    guard sets.tasks == model.tasks else {
      throw FineTuningError.classesDiffer(run: model.tasks.flatMap(\.names), data: sets.tasks.flatMap(\.names))
    }
    switch sets.division {
    case .folders, .given: return sets.test.isEmpty ? sets.validation : sets.test
    case .split, .fold: return sets.training + sets.validation + sets.test
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
