import Foundation
import Graft

/// What `finetune --folds` prints with `--json`.
struct FoldsReport: Encodable {
  struct Fold: Encodable {
    let runDirectory: String
    let images: Int
    /// Of the first task.
    let figures: PredictionReport?
  }

  let folds: [Fold]
  /// Of all photographs together, each judged by the model that has not learnt from it.
  let figures: EvaluateReport

  /// - Parameter sides: what each fold was validated on.
  init(_ tasks: [PredictionTask], _ runs: [URL], _ sides: [[Sample]]) throws {
    var all: [Prediction] = []
    var folds: [Fold] = []
    for (run, side) in zip(runs, sides) {
      let told = try ValidationPredictions(
        contentsOf: run.appending(path: ValidationPredictions.fileName), tasks: tasks)
      let outputs = Dictionary(told.rows.map { ($0.path, $0.outputs) }) { first, _ in first }
      let judged = side.compactMap { sample in
        outputs[sample.path].map { Prediction(sample: sample, tasks: tasks, outputs: $0) }
      }
      folds.append(Fold(runDirectory: run.relativePath, images: judged.count, figures: PredictionReport(judged)))
      all += judged
    }
    self.folds = folds
    figures = EvaluateReport(
      tasks, all, skipped: sides.joined().count - all.count, runs: runs.map(\.relativePath), try .ofRun(runs[0]))
  }
}
