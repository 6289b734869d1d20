import ArgumentParser
import Foundation
import Graft

/// How a command ends that could not do its work: a sentence on stderr, and a code for scripts.
struct Failure {
  enum Code: Int32 {
    case usage = 64
    case badInput = 65
    case missingInput = 66
    case unavailable = 69
    case software = 70
    case writeFailed = 74
    case interrupted = 130
  }

  private let error: any Error

  init(_ error: any Error) {
    self.error = error
  }

  var code: Code {
    switch error {
    case let error as FormatError: error.exitCode
    case let error as DatasetError: error.exitCode
    case let error as CatalogueError: error.exitCode
    case is ImageError, is ImportError, is ExportError: .badInput
    case let error as TrainingError: error.exitCode
    case is ArchitectureError, is PlanningError, is AugmentationError, is FineTuningError, is SettingsError: .usage
    case AttributionError.notAFeatureMap: .usage
    case is AttributionError, is AdviceError, is LinearSolverError: .badInput
    case let error as GraphError: error.exitCode
    case let error as EngineError: error.exitCode
    case is CancellationError: .interrupted
    default: .software
    }
  }

  /// Ends the process.
  func exit() -> Never {
    Terminal.standard.finishLine()
    if GraftCommand.isParserError(error) {
      let code = GraftCommand.exitCode(for: error)
      // A bare exit code is that of a command that has printed its report already; help is no failure.
      if !(error is ExitCode), !code.isSuccess { report(GraftCommand.message(for: error), code.rawValue) }
      GraftCommand.exit(withError: error)
    }
    report(message, code.rawValue)
    Terminal.standard.write("error: \(message)")
    Foundation.exit(code.rawValue)
  }

  private func report(_ message: String, _ code: Int32) {
    guard CommandLine.arguments.contains("--json") else { return }
    printJSON(FailureReport(error: message, exitCode: Int(code)))
  }

  private var message: String {
    switch error {
    case is CancellationError: "interrupted"
    case let error as any CustomStringConvertible & Error: error.description
    default: error.localizedDescription
    }
  }
}

private struct FailureReport: Encodable {
  let error: String
  let exitCode: Int
}

extension GraftCommand {
  /// Whether the parser itself has something to print: a misspelt option, or the help that was asked for.
  static func isParserError(_ error: any Error) -> Bool {
    error is CleanExit || error is ValidationError || error is ExitCode
      || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
  }
}

extension FormatError {
  var exitCode: Failure.Code {
    switch self {
    case .fileNotFound: .missingInput
    case .writeFailed, .targetExists: .writeFailed
    default: .badInput
    }
  }
}

extension CatalogueError {
  var exitCode: Failure.Code {
    switch self {
    case .unknownWeights, .noWeights, .unusableAddress: .usage
    case .unreachable, .refused, .stalled, .cutShort: .unavailable
    case .wrongLength, .wrongHash, .wrongContents: .badInput
    case .diskFull: .writeFailed
    }
  }
}

extension DatasetError {
  var exitCode: Failure.Code {
    switch self {
    case .missingFolder, .missingData, .missingTable: .missingInput
    case .splitOutOfRange, .splitOfDividedFolder, .splitOfDividedTable, .testSplitOutOfRange, .splitsTooLarge,
      .testOfDivided, .foldOutOfRange, .foldsAndSplit, .foldNotNamed, .noSource, .unusablePattern, .patternFitsNothing,
      .unknownColumn, .noColumn:
      .usage
    default: .badInput
    }
  }
}

extension TrainingError {
  var exitCode: Failure.Code {
    switch self {
    case .invalidOption, .nothingTrains, .unsolvable, .checkpointOfAnotherTraining, .changedPhotographs,
      .checkpointOfAnotherVersion, .unsuitedTeacher, .differentTasks, .changedTeacher(_, false):
      .usage
    case .noImages, .noStatistics, .unsuitedTarget, .unreadableRun, .unreadablePlan, .damagedCheckpoint: .badInput
    case .underWayElsewhere, .unsaved: .writeFailed
    case .notARun, .notUnderWay(_, false), .changedTeacher(_, true): .missingInput
    case .notUnderWay(_, true): .usage
    case .cancelledBeforeFirstEpoch, .cancelledWithCheckpoint: .interrupted
    case .diverged, .noGradient: .software
    }
  }
}

extension GraphError {
  var exitCode: Failure.Code {
    switch self {
    case .unknownLayer, .inputTooSmall, .noSoftmax: .usage
    default: .badInput
    }
  }
}

extension EngineError {
  var exitCode: Failure.Code {
    switch self {
    case .primitive, .outOfMemory, .unsupportedLayer: .software
    default: .badInput
    }
  }
}
