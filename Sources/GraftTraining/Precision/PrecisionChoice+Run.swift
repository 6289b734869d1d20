import Foundation
import GraftEngine

extension PrecisionChoice {
  /// The precision of a run, by its `run.json`; float32 where the processor lacks it, and where nothing is recorded: that
  /// is how runs were before precisions were, and how a model is used whose `run.json` did not come along.
  ///
  /// - Throws: `TrainingError.unreadableRun` where `run.json` makes no sense.
  public static func ofRun(_ folder: URL) throws -> PrecisionChoice {
    try ofRun(folder, hasBFloat16: Precision.bfloat16.isNative)
  }

  static func ofRun(_ folder: URL, hasBFloat16: Bool) throws -> PrecisionChoice {
    let file = folder.appending(path: RunDirectory.record)
    guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
      return PrecisionChoice(.float32, .run)
    }
    let recorded: String?
    do {
      recorded = try JSONDecoder().decode(Excerpt.self, from: Data(contentsOf: file)).configuration.precision
    } catch {
      throw TrainingError.unreadableRun(
        path: file.relativePath, reason: "its precision cannot be told. Name one with --precision")
    }
    guard let recorded else { return PrecisionChoice(.float32, .run) }
    guard let precision = Precision(rawValue: recorded) else {
      let known = Precision.allCases.map(\.rawValue).joined(separator: " and ")
      throw TrainingError.unreadableRun(
        path: file.relativePath,
        reason: "its precision is “\(recorded)”, and this Graft knows \(known). Name one of these with --precision")
    }
    return precision == .bfloat16 && !hasBFloat16
      ? PrecisionChoice(.float32, .processor) : PrecisionChoice(precision, .run)
  }

  /// The one line of a run's record that is wanted here.
  private struct Excerpt: Decodable {
    struct Configuration: Decodable {
      let precision: String?
    }

    let configuration: Configuration
  }
}
