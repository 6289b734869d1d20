import Foundation
import Graft

extension FeatureStandardization {
  /// What was measured, and what is done with it, in one line.
  var line: String {
    let many = measuredOn == 1 ? "1 photograph" : "\(measuredOn) photographs"
    let length = originalSquaredLength.squareRoot().formatted(.number.precision(.significantDigits(2)))
    return
      "head: standardizes its \(mean.count) features, whose length is \(length), by mean and deviation over \(many)"
  }
}

extension FineTuning {
  /// As it was when the training began.
  func standardizing(by manifest: TrainingManifest) throws -> FineTuning {
    try manifest.featureStandardization.map { try standardizingFeatures(by: $0) } ?? self
  }
}
