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
  case cancelledWithCheckpoint(path: String)
  case nothingTrains
  /// A head that is not one dense layer on what holds still cannot be solved, nor a cosine head but by prototypes.
  case unsolvable(layer: String)
  /// A network has no batch normalisation whose statistics could be adapted.
  case noStatistics
  /// An image to learn from has not what the model's tasks need.
  case unsuitedTarget(path: String, reason: String)
  /// A network cannot teach another what it does not know.
  case unsuitedTeacher(path: String, reason: String)
  /// A training goes on, and its teacher is another than before, or gone.
  case changedTeacher(path: String, isGone: Bool)
  case damagedCheckpoint(path: String)
  case checkpointOfAnotherTraining(path: String)
  /// The photographs have the names and targets that they had, but not the content.
  case changedPhotographs(path: String)
  case checkpointOfAnotherVersion(path: String, found: Int, expected: Int)
  /// Another process trains into the folder; nil where it cannot be told which.
  case underWayElsewhere(path: String, process: Int32?)
  /// The run of a training that has ended could not be written.
  case unsaved(path: String, reason: String)
  /// Runs whose mean is to be taken tell different things.
  case differentTasks(one: String, other: String)
  case notARun(path: String, missing: String)
  /// There is no training to go on with.
  case notUnderWay(path: String, isFinished: Bool)
  case unreadableRun(path: String, reason: String)
  case unreadablePlan(path: String, reason: String)
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
    case .cancelledWithCheckpoint(let path):
      "stopped before the first epoch ended; go on with: graft finetune --resume \(path)"
    case .nothingTrains:
      "the plan leaves nothing to train"
    case .unsolvable(let layer):
      "a solver needs a head of one dense layer on features that hold still; “\(layer)” is another. "
        + "Leave --solver out, or --hidden and --head; a cosine head takes --solver prototype"
    case .noStatistics:
      "the network has no batch normalisation, so it has no statistics to adapt; train on labelled images of the new kind instead"
    case .unsuitedTarget(let path, let reason):
      "\(path) cannot be learnt from: \(reason)"
    case .unsuitedTeacher(let path, let reason):
      "\(path) cannot teach this training: \(reason). A teacher tells the same classes apart; name another with --teacher"
    case .changedTeacher(let path, let isGone):
      "\(path), the teacher of this training, \(isGone ? "is gone" : "is no longer what it was"), so going on would not come to "
        + "the same. Bring back the run as it was, or begin anew in another folder"
    case .damagedCheckpoint(let path):
      "\(path) is not what was written there (by its SHA-256)"
    case .changedPhotographs(let path):
      "photographs have changed since the checkpoints in \(path) were written, so what they hold is of no use with these. "
        + "Bring back the photographs as they were, or begin anew in another folder"
    case .checkpointOfAnotherVersion(let path, let found, let expected):
      "\(path) is a checkpoint of format \(found), and this Graft reads format \(expected). "
        + "Go on with the Graft that wrote it, or begin anew in another folder"
    case .checkpointOfAnotherTraining(let path):
      "the checkpoints in \(path) are of another training: its photographs, its network or its options differ from these. "
        + "Begin anew in another folder, or go on with what that training was given"
    case .underWayElsewhere(let path, let process):
      "another process\(process.map { " (\($0))" } ?? "") is training into \(path). Wait until it is through, or name another folder; "
        + "to go on in its place, end it first\(process.map { " with: kill -INT \($0)" } ?? "")"
    case .unsaved(let path, let reason):
      "\(reason) The run is not saved, but the training can be finished when that is mended: "
        + "graft finetune --resume \(path)"
    case .differentTasks(let one, let other):
      "\(one) and \(other) do not tell the same classes or values apart, so that there is no mean of them; name one run"
    case .notARun(let path, let missing):
      "\(path) is no run directory: it has no \(missing). Name the folder that `graft finetune` has written"
    case .notUnderWay(let path, true):
      "the training in \(path) is finished; `graft finetune --from \(path)` trains further"
    case .notUnderWay(let path, false):
      "there is no training in \(path) to go on with: it has no training.json"
    case .unreadablePlan(let path, let reason):
      "\(path) cannot be read as a plan: \(reason)"
    case .unreadableRun(let path, let reason):
      "\(path) cannot be read as a run's model: \(reason)"
    }
  }

  public var errorDescription: String? { description }
}
