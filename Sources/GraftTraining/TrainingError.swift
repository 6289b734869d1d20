import Foundation
import GraftTensors

/// Why a training cannot begin or go on.
public enum TrainingError: Error, Hashable {
  case invalidOption(option: String, expected: String, found: String)
  case noImages(role: String, skipped: Int)
  case diverged(epoch: Int, learningRate: Double)
  /// A tensor that is to train got none in the first step.
  case noGradient(parameter: String)
  case cancelledBeforeFirstEpoch
  case nothingTrains
  /// An image to learn from that is of none of the model's classes; `label` is nil where it is of no class at all.
  case labelOutOfRange(path: String, label: Int?, classes: Int)
  case notARun(path: String, missing: String)
  case unreadableRun(path: String, reason: String)
}

extension TrainingError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .invalidOption(let option, let expected, let found):
      "\(option) is \(found); expected \(expected)"
    case .noImages(let role, let skipped):
      "no \(role) image can be read" + (skipped > 0 ? " (\(skipped) were tried and skipped)" : "")
    case .diverged(let epoch, let learningRate):
      "the loss is no longer a number in epoch \(epoch): the learning rate \(learningRate) is too high; try a tenth of it"
    case .noGradient(let parameter):
      "“\(parameter)” is to train, but no gradient reaches it: everything it feeds is zero or cut off. "
        + "Freeze it, or start from other weights"
    case .cancelledBeforeFirstEpoch:
      "stopped before the first epoch ended; nothing was saved"
    case .nothingTrains:
      "the plan leaves nothing to train"
    case .labelOutOfRange(let path, let label, let classes):
      "\(path) has \(label.map { "the label \($0)" } ?? "no label"); expected one from 0 to \(classes - 1), "
        + "an index into the model's classes"
    case .notARun(let path, let missing):
      "\(path) is no run directory: it has no \(missing). Name the folder that `graft finetune` has written"
    case .unreadableRun(let path, let reason):
      "\(path) cannot be read as a run's model: \(reason)"
    }
  }

  public var errorDescription: String? { description }
}
