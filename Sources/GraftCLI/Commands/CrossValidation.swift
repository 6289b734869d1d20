import ArgumentParser
import Foundation
import Graft

/// `finetune --folds K` without `--fold`: a training for each fold, which are an ensemble afterwards.
struct CrossValidation {
  private static let prefix = "fold-"

  private let command: Finetune
  /// Of a run for each fold.
  private let runs: [URL]
  private let words: [String]
  private let tasks: [PredictionTask]
  /// What each fold is validated on.
  private let sides: [[Sample]]

  /// - Parameter words: what the command says.
  /// - Throws: `DatasetError`, `FormatError`, and `ValidationError` where the photographs cannot be divided so.
  init(of command: Finetune, folds: Int, words: [String]) throws {
    guard let out = command.destination.out else {
      throw ValidationError(
        "--folds without --fold is a training for each; name the folder of their runs with --out, by which the same command goes on"
      )
    }
    try OutputFolder(path: out).requireWritable { $0.hasPrefix(Self.prefix) }
    // The first one that is opened refuses a number that makes no sense.
    var sets = [try command.photographs(ofFold: 1)]
    for fold in 2...max(folds, 2) { sets.append(try command.photographs(ofFold: fold)) }
    (tasks, sides) = (sets[0].tasks, sets.map(\.validation))
    for (fold, set) in zip(1..., sets) where set.validation.isEmpty || set.training.isEmpty {
      throw ValidationError(
        "fold \(fold) of \(folds) would have no photograph to \(set.validation.isEmpty ? "be judged" : "learn from"); divide into fewer"
      )
    }
    let paths = sides.joined().map(\.path)
    guard Set(paths).count == paths.count else {
      throw ValidationError(
        "some of the photographs are for validation whatever the fold; name data of which none is, or leave --folds out"
      )
    }
    self.command = command
    self.words = words.without(option: "out").without(option: "tensorboard").filter { $0 != "--json" }
    runs = (1...folds).map { URL(filePath: out).appending(path: "\(Self.prefix)\($0)") }
  }

  /// Trains on all folds but one, for each. What an earlier call of the same command has finished is left, what it has begun is gone
  /// on with.
  func run() async throws {
    for (index, run) in runs.enumerated() where has(TrainingManifest.name, in: run) || has(RunDirectory.record, in: run)
    {
      try requireSame(index, in: run)
    }
    for (index, run) in runs.enumerated() {
      Terminal.standard.write("fold \(index + 1) of \(runs.count)")
      if try isFinished(run) {
        Terminal.standard.write("was trained before, in \(run.relativePath)")
        continue
      }
      do {
        let own = try Finetune.parse(words(ofFold: index))
        if has(TrainingManifest.name, in: run) {
          try await own.goOn(with: run)
        } else {
          try await own.begin(by: words(ofFold: index))
        }
      } catch let code as ExitCode {
        try stop(by: code, in: index)
      } catch TrainingError.cancelledWithCheckpoint, TrainingError.cancelledBeforeFirstEpoch {
        try stop(by: ExitCode(Failure.Code.interrupted.rawValue), in: index)
      } catch is CancellationError {
        try stop(by: ExitCode(Failure.Code.interrupted.rawValue), in: index)
      }
    }
    let report = try FoldsReport(tasks, runs, sides)
    if command.images.json {
      printJSON(report)
    } else {
      print(
        "over \(runs.count) folds, each photograph by the model that has not learnt from it:\n" + report.figures.text)
    }
  }

  /// The words of a training of its own.
  private func words(ofFold index: Int) -> [String] {
    let logs = command.destination.tensorboard.map { ["--tensorboard", "\($0)/\(Self.prefix)\(index + 1)"] } ?? []
    return words + ["--fold", "\(index + 1)", "--out", runs[index].relativePath] + logs
  }

  private func stop(by code: ExitCode, in index: Int) throws -> Never {
    Terminal.standard.write("the same command, said again, goes on with fold \(index + 1) and the others")
    if command.images.json {
      printJSON(
        StoppedFolds(
          error: "stopped in fold \(index + 1) of \(runs.count)", exitCode: Int(code.rawValue),
          finished: runs[..<index].map(\.relativePath)))
    }
    throw code
  }

  private func has(_ name: String, in run: URL) -> Bool {
    FileManager.default.fileExists(atPath: run.appending(path: name).path)
  }

  private func isFinished(_ run: URL) throws -> Bool {
    try has(RunDirectory.record, in: run) && !RunFolder(run).wasInterrupted
  }

  /// - Throws: `ValidationError` where a fold was trained by other words, or on other photographs than it would be now.
  private func requireSame(_ index: Int, in run: URL) throws {
    let isUnderWay = has(TrainingManifest.name, in: run)
    let trained =
      try isUnderWay ? TrainingManifest.read(from: run).arguments : Array(RunFolder(run).command.dropFirst(2))
    guard trained == words(ofFold: index) else {
      throw ValidationError(
        "\(run.relativePath) holds a training by other words: \(trained.joined(separator: " ")). Name another folder with --out"
      )
    }
    // What is under way compares its photographs itself.
    guard try isFinished(run) else { return }
    let judged = try ValidationPredictions(
      contentsOf: run.appending(path: ValidationPredictions.fileName), tasks: tasks)
    let skipped = try RunFolder(run).skipped
    let expected = Dictionary(sides[index].map { ($0.path, $0.targets) }) { first, _ in first }
    let isSame =
      judged.rows.allSatisfy { $0.targets == expected[$0.path] }
      && Set(expected.keys).subtracting(judged.rows.map(\.path)).isSubset(of: skipped.map(\.path))
    guard isSame else {
      throw ValidationError(
        "the photographs, or what is said of them, are no longer those that \(run.relativePath) was trained with; "
          + "name another folder with --out")
    }
  }
}

extension Finetune {
  /// Without a word on what people should know of them, which the training says.
  fileprivate func photographs(ofFold fold: Int) throws -> ImageDatasets {
    var request = try data.table.request(data.data)
    request.division.fold = fold
    return try ImageDatasets.open(request, seed: seed)
  }
}

/// What `finetune --folds --json` prints where it was stopped.
private struct StoppedFolds: Encodable {
  let error: String
  let exitCode: Int
  /// Runs of folds that are through.
  let finished: [String]
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
