import GraftGraph
import GraftImages

extension TrainingConfiguration {
  /// Refuses what cannot draw near to a target domain.
  ///
  /// - Throws: `TrainingError.invalidOption`.
  func validate(
    for target: TargetDomain?, _ tasks: [PredictionTask], _ stages: [TrainingStage]
  ) throws(TrainingError) {
    guard let target else { return }
    func check(_ isValid: Bool, _ option: String, _ found: String, _ expected: String) throws(TrainingError) {
      if !isValid { throw .invalidOption(option: option, expected: expected, found: found) }
    }
    try check(target.weight > 0 && target.weight.isFinite, "--coral", "\(target.weight)", "a number above 0")
    try check(
      target.samples.count > 1, "the number of photographs in --target", "\(target.samples.count)",
      "at least 2, and better a hundred: a covariance is of several")
    try check(batch > 1, "--batch", "\(batch)", "at least 2 beside --target: a covariance is of several photographs")
    let isOneClassification = if case .classification? = tasks.first { tasks.count == 1 } else { false }
    try check(
      isOneClassification, "--target", "named",
      "no --target here: it is for photographs of one class each, and one head")
    try check(
      augmentation?.mixing == nil, "--augment", "\(augmentation?.mixing.map { "\($0)" } ?? "")",
      "nothing that mixes photographs beside --target: it would mix the domains")
    try check(
      stages.allSatisfy { $0.solver == nil }, "--solver",
      stages.compactMap(\.solver).first?.kind.rawValue ?? "", "no solver beside --target: it knows labels alone")
  }
}
