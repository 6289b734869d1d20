import GraftImages
import GraftLearning

extension TrainingConfiguration {
  /// Refuses what a teacher has no say in, and distillation without one.
  ///
  /// - Throws: `TrainingError.invalidOption`, `.unsuitedTeacher`.
  func validate(for teacher: Teacher?, _ model: TrainedModel, _ stages: [TrainingStage]) throws(TrainingError) {
    func refuse(_ option: String, _ found: String, _ expected: String) -> TrainingError {
      .invalidOption(option: option, expected: expected, found: found)
    }
    guard let teacher else {
      if let loss = losses.first(where: { $0.kind == .distillation }) {
        throw refuse("--loss", "\(loss)", "--teacher beside it, with the run to learn from")
      }
      return
    }
    _ = try teacher.columns(for: model.tasks)
    if losses.count > 1 {
      throw refuse("--loss", losses.map { "\($0)" }.joined(separator: " and "), "one, distillation, beside --teacher")
    }
    if let loss = losses.first, loss.kind != .distillation {
      throw refuse("--loss", "\(loss)", "distillation beside --teacher, or no --teacher")
    }
    if classWeights != .equal {
      throw refuse(
        "--balance-loss", "asked for",
        "--balance-sampling in its place beside --teacher: distillation weighs no classes")
    }
    if let mixing = augmentation?.mixing {
      throw refuse(
        "--augment", "\(mixing)", "nothing that mixes photographs beside --teacher, which sees each by itself")
    }
    if let solver = stages.compactMap(\.solver).first {
      throw refuse("--solver", solver.kind.rawValue, "no solver beside --teacher: it knows labels alone")
    }
  }

  /// The same with the labels' own part of a distillation, for images that no teacher has seen.
  var withoutTeacher: TrainingConfiguration {
    var alone = self
    alone.losses = losses.map { loss in
      loss.kind == .distillation ? LossConfiguration(.crossEntropy, smoothing: loss.smoothing) : loss
    }
    return alone
  }
}
