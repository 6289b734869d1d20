import ArgumentParser
import Foundation
import Graft

extension Finetune {
  /// Says what a training came to, and writes what is made of its run directory.
  func finish(
    _ tuning: FineTuning, _ result: TrainingResult, _ record: RunRecord, _ folder: URL, warnings: [String]
  ) throws {
    let terminal = Terminal.standard
    let frozen = tuning.trainer.frozenParameters.count
    switch record.frozenUnchanged {
    case _ where frozen == 0:
      terminal.write("nothing was frozen")
    case true?:
      terminal.write(
        "the \(frozen) frozen tensors in \(folder.relativePath) equal those of "
          + (tuning.startsAtRandom ? "the random start" : "the source file") + " (SHA-256)")
    case false?:
      terminal.write(
        "error: a frozen tensor in \(folder.relativePath) differs from the source file; please report this")
    case nil:
      terminal.write(
        "warning: \(record.source.weights) can no longer be read, so the frozen tensors were not compared with it")
    }
    if result.stoppedEarly {
      terminal.write("stopped early: nothing got better for \(tuning.trainer.configuration.patience ?? 0) epochs")
    }
    terminal.write("best \(result.best.words) in epoch \(result.best.epoch), saved in \(folder.relativePath)")
    if images.json { printJSON(try FinetuneReport(tuning, result, record, folder, warnings: warnings)) }
    if record.frozenUnchanged == false { throw ExitCode(Failure.Code.software.rawValue) }
    if result.wasInterrupted { throw ExitCode(Failure.Code.interrupted.rawValue) }
  }

  /// Looks into the mistakes that the report will show. What cannot be told, or is interrupted, the report does without.
  ///
  /// - Returns: whether it was interrupted.
  func explainMistakes(of result: TrainingResult, _ tuning: FineTuning, in folder: URL) async -> Bool {
    let tasks = result.model.tasks
    let predictions = ValidationPredictions(result.validation, tasks: tasks)
    let mistakes = tasks.indices.map { task in
      (task: task, mistakes: Array(predictions.mistakes(ofTask: task).prefix(RunReport.mostPictures)))
    }
    if mistakes.allSatisfy(\.mistakes.isEmpty) { return false }
    do {
      let maps = try await interruptible {
        try await MistakeMaps(
          of: mistakes, by: result.model, among: tuning.data.validation, precision: tuning.precisionChoice.precision)
      }
      try maps.write(to: folder.appending(path: MistakeMaps.fileName))
    } catch is CancellationError {
      return true
    } catch AttributionError.noFeatureMap {
      return false
    } catch {
      Terminal.standard.write("warning: the report does not show what the mistakes were made by: \(error)")
    }
    return false
  }

  /// What cannot be written here costs no training: `graft report` makes it again.
  func writeReports(of folder: URL) {
    do {
      let run = try RunFolder(folder)
      if destination.report { try RunReport(run).write(to: folder.appending(path: RunReport.fileName)) }
      if let tensorboard = destination.tensorboard { try RunEvents.write(run, to: URL(filePath: tensorboard)) }
    } catch {
      Terminal.standard.write(
        "warning: no report was written: \(error). Make it with: graft report \(folder.relativePath)")
    }
  }
}
