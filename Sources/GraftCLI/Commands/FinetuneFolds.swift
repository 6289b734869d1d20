import ArgumentParser
import Foundation
import Graft

/// Cross-validation: a training for each fold, which are an ensemble afterwards.
extension Finetune {
  /// Trains on all folds but one, for each. What an earlier call of the same command has finished is left, what it has begun is gone
  /// on with.
  ///
  /// - Parameter words: what the command says.
  func trainFolds(_ folds: Int, _ words: [String]) async throws {
    guard folds >= 2 else { throw DatasetError.foldOutOfRange(fold: nil, folds: folds) }
    let folder = try destination.folderOfFolds()
    let shared = words.without(option: "out").filter { $0 != "--json" }
    let runs = (1...folds).map { folder.appending(path: "\(RunOptions.foldPrefix)\($0)") }
    for (fold, run) in zip(1..., runs) {
      Terminal.standard.write("fold \(fold) of \(folds)")
      let own = shared + ["--fold", "\(fold)", "--out", run.relativePath]
      switch FoldState(of: run) {
      case .finished: try requireSame(own, in: run)
      case .begun:
        try requireSame(own, in: run)
        try await Finetune.parse(own).goOn(with: run)
      case .missing: try await Finetune.parse(own).begin(by: own)
      }
    }
    let report = try FoldsReport(folder, runs)
    if images.json {
      printJSON(report)
    } else {
      print("over \(folds) folds, each photograph by the model that has not learnt from it:\n" + report.figures.text)
    }
  }

  /// - Throws: `ValidationError` where a fold was trained by other words.
  private func requireSame(_ words: [String], in run: URL) throws {
    let trained: [String]
    if let manifest = try? TrainingManifest.read(from: run) {
      trained = manifest.arguments
    } else {
      trained = Array(try RunFolder(run).command.dropFirst(2))
      Terminal.standard.write("was trained before, in \(run.relativePath)")
    }
    guard trained == words else {
      throw ValidationError(
        "\(run.relativePath) holds a training by other words: \(trained.joined(separator: " ")). Name another folder with --out"
      )
    }
  }
}

/// How far an earlier command has come with a fold.
private enum FoldState {
  case missing, begun, finished

  init(of run: URL) {
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: run.appending(path: name).path) }
    // A run that was interrupted has both.
    self = has(TrainingManifest.name) ? .begun : has(RunDirectory.record) ? .finished : .missing
  }
}

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

  init(_ folder: URL, _ runs: [URL]) throws {
    let ensemble = try ModelEnsemble(contentsOf: folder)
    var all: [Prediction] = []
    var folds: [Fold] = []
    for run in runs {
      let judged = try ValidationPredictions(contentsOf: run.appending(path: ValidationPredictions.fileName)).judged
      folds.append(Fold(runDirectory: run.relativePath, images: judged.count, figures: PredictionReport(judged)))
      all += judged
    }
    self.folds = folds
    figures = EvaluateReport(ensemble, all, [])
  }
}

extension ValidationPredictions {
  /// Those of which everything is known that is right.
  fileprivate var judged: [Prediction] {
    rows.compactMap { row in
      let targets = row.targets.compactMap(\.self)
      guard targets.count == tasks.count else { return nil }
      return Prediction(
        sample: Sample(url: URL(filePath: row.path), path: row.path, targets: targets), tasks: tasks,
        outputs: row.outputs)
    }
  }
}

extension [String] {
  /// Words of a command without an option and its value.
  fileprivate func without(option name: String) -> [String] {
    var kept: [String] = []
    var skips = false
    for word in self {
      if skips {
        skips = false
      } else if word == "--\(name)" {
        skips = true
      } else if !word.hasPrefix("--\(name)=") {
        kept.append(word)
      }
    }
    return kept
  }
}
