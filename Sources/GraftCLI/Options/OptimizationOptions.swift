import ArgumentParser
import Foundation
import Graft

/// How parameters are moved, and when it is enough.
struct OptimizationOptions: ParsableArguments {
  @Option(help: "How often each photograph is seen. (default: \(TrainingConfiguration().epochs))")
  var epochs: Int?

  @Option(help: "Photographs that are computed together. (default: \(TrainingConfiguration().batch))")
  var batch: Int?

  @Option(
    help: ArgumentHelp(
      "Batches that make one step together: more photographs a step than memory holds at once.", valueName: "batches"))
  var accumulate = TrainingConfiguration().accumulation

  @Option(help: MemoryUse.help)
  var memory = TrainingConfiguration().memory

  @Option(name: .customLong("lr"), help: "Learning rate. (default: \(TrainingConfiguration().learningRate))")
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "How steps are made of gradients: \(OptimizerKind.names.joined(separator: ", ")); with settings, as in "
        + "sgd:momentum=0.9,nesterov. (default: sgd)", valueName: "name"),
    transform: { try OptimizerSettings(parsing: $0) })
  var optimizer: OptimizerSettings?

  @Option(
    help: ArgumentHelp(
      "How the learning rate changes within each stage: \(ScheduleKind.names.joined(separator: ", ")); with settings, as in "
        + "cosine:warmup=2. (default: constant)", valueName: "name"),
    transform: { try LearningRateSchedule(parsing: $0) })
  var schedule: LearningRateSchedule?

  @Option(help: "Pull of the kernels towards zero.")
  var weightDecay = TrainingConfiguration().weightDecay

  @Option(
    help: ArgumentHelp(
      "What is made small: \(LossKind.names.joined(separator: ", ")); with settings, as in cross-entropy:smoothing=0.1. For "
        + "several heads, once for each kind. (default: cross-entropy for classes, bce for labels, mse for values, distillation "
        + "with --teacher)",
      valueName: "name"),
    transform: { try LossConfiguration(parsing: $0) })
  var loss: [LossConfiguration] = []

  @Flag(help: "Let each class count the same in the loss, however many photographs it has.")
  var balanceLoss = false

  @Flag(help: "Draw photographs of each class equally often.")
  var balanceSampling = false

  @Option(help: ArgumentHelp("The largest norm of a step's gradient; longer ones are scaled down.", valueName: "norm"))
  var clipNorm: Double?

  @Option(
    help: ArgumentHelp("The largest magnitude of a gradient's element; larger ones are cut off.", valueName: "value"))
  var clipValue: Double?

  @Option(
    help: ArgumentHelp(
      "Keep an average of the weights: ema:DECAY, fading with each step, as in ema:0.99; or swa, of all epochs' ends.",
      valueName: "kind"),
    transform: { try WeightAveraging(parsing: $0) })
  var average: WeightAveraging?

  @Option(
    help: ArgumentHelp(
      "What the best epoch is the best by: \(MetricKind.names.joined(separator: ", ")). (default: accuracy; loss for values)",
      valueName: "metric"),
    transform: { try metric($0) })
  var monitor: MetricKind?

  @Option(
    help: ArgumentHelp("Stop after so many epochs without a better one. (default: never)", valueName: "epochs"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "Compute the head at once: lbfgs, the optimum of regularised logistic regression (ridge regression for values), its C "
        + "by cross-validation or given as in lbfgs:0.1; prototype, the nearest class mean (by the angle with --head cosine). In place of training where only the "
        + "head is to train, before it otherwise.", valueName: "kind"),
    transform: { try HeadSolver(parsing: $0) })
  var solver: HeadSolver?

  func validate() throws {
    guard accumulate > 0 else { throw ValidationError("--accumulate is \(accumulate); expected at least 1") }
    guard clipNorm == nil || clipValue == nil else {
      throw ValidationError("--clip-norm and --clip-value are two ways of the same; name one")
    }
    for (name, limit) in [("--clip-norm", clipNorm), ("--clip-value", clipValue)] {
      if let limit, !(limit > 0 && limit.isFinite) {
        throw ValidationError("\(name) is \(limit); expected a number above 0")
      }
    }
    if let patience, patience < 1 { throw ValidationError("--patience is \(patience); expected at least 1") }
  }

  /// What the options say, on top of a plan where they say nothing.
  func configuration(_ plan: AdaptationPlan?, seed: UInt64, isStrict: Bool) -> TrainingConfiguration {
    let usual = TrainingConfiguration()
    return TrainingConfiguration(
      epochs: epochs ?? plan?.epochs ?? usual.epochs, batch: batch ?? plan?.batch ?? usual.batch,
      accumulation: accumulate, optimizer: optimizer ?? plan?.optimizer ?? usual.optimizer,
      learningRate: learningRate ?? plan?.learningRate ?? usual.learningRate, weightDecay: weightDecay, losses: loss,
      classWeights: balanceLoss ? .balanced : .equal,
      clipping: clipNorm.map { .norm($0) } ?? clipValue.map { .value($0) },
      schedule: schedule ?? plan?.schedule ?? usual.schedule, averaging: average,
      drawsClassesEqually: balanceSampling, monitor: monitor, patience: patience ?? plan?.patience, memory: memory,
      seed: seed, isStrict: isStrict)
  }
}

private func metric(_ text: String) throws -> MetricKind {
  guard let kind = MetricKind(named: text) else {
    throw ValidationError("“\(text)” is no metric; known are \(MetricKind.names.joined(separator: ", "))")
  }
  return kind
}

extension WeightAveraging {
  init(parsing text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count == 2 ? Double(parts[1]) : nil) {
    case ("swa", nil) where parts.count == 1: self = .equal
    case ("ema", let decay?) where decay > 0 && decay < 1: self = .exponential(decay: decay)
    default: throw ValidationError("--average is \(text); expected swa, or ema with a number between 0 and 1: ema:0.99")
    }
  }
}

extension HeadSolver {
  init(parsing text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard let kind = parts.first.flatMap(Kind.init(rawValue:)) else {
      throw ValidationError(
        "“\(text)” is no solver; known are \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.init(kind)
    guard parts.count == 2 else { return }
    guard kind == .lbfgs, let strength = Double(parts[1]), strength > 0, strength.isFinite else {
      throw ValidationError("--solver is \(text); after lbfgs: stands C, a number above 0")
    }
    self.strength = strength
  }
}
