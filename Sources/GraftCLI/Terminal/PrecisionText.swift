import Foundation
import Graft

extension PrecisionChoice {
  /// What was chosen and why, in one line; nil where nothing was: what somebody has named, and what a run has, goes without
  /// saying.
  var line: String? {
    switch reason {
    case .asked, .run: nil
    case .processor:
      "precision: \(precision.rawValue), because this processor (\(Machine.current.instructionSet)) has no bf16"
    case .noPhotograph: "precision: \(precision.rawValue), because there is no photograph to try bf16 on"
    case .trial: trial.map { "precision: \(precision.rawValue), because \($0.finding)" }
    }
  }

  /// The same for a run's model.
  var lineOfRun: String? {
    reason == .processor ? line.map { $0 + ", in which the run was trained" } : line
  }
}

extension PrecisionChoice.Trial {
  fileprivate var finding: String {
    // Cut off, not rounded: what is below a bound shall not read as if it were on it.
    func digits(_ value: Double) -> String { String(format: "%.5f", (value * 1e5).rounded(.down) / 1e5) }
    let many = photographs == 1 ? "1 photograph" : "\(photographs) photographs"
    let found = "features of \(many) in bf16 have a cosine of \(digits(leastCosine)) or more to those in fp32"
    return leastCosine >= PrecisionTrial.leastCosine
      ? "\(found) (mean \(digits(meanCosine)))"
      : "\(found), mean \(digits(meanCosine)), and \(PrecisionTrial.leastCosine) is wanted"
  }
}
