import GraftEngine
import GraftPlanning
import GraftTraining

/// Trainings that take less than a given one, from the one that changes least: less remembered, activations computed twice, smaller
/// batches that make the same steps together, and at last less of the network.
struct CheaperTrainings {
  /// Each with the options that ask for it.
  private(set) var all: [(trainer: Trainer, options: String)] = []
  private let original: Trainer
  private var configuration: TrainingConfiguration
  private var options: [String] = []

  /// - Parameters:
  ///   - needed: what the training itself takes.
  ///   - cached: how much of it is remembered activations, in bytes.
  init(_ trainer: Trainer, _ needed: Resources, cached: Int, limit: Resources) {
    original = trainer
    configuration = trainer.configuration
    if needed.disk > limit.disk {
      configuration.frontierCache = nil
      add("--disk-cache 0")
    }
    if needed.memory > limit.memory, cached > 0 {
      let left = max(limit.memory - (needed.memory - cached), 0) >> 20
      configuration.cacheSize = left << 20
      add("--cache-size \(left)")
    }
    guard needed.memory > limit.memory else { return }
    if configuration.memory == .fast {
      configuration.memory = .low
      add("--memory low")
    }
    let common = options
    while configuration.batch > 1 {
      configuration.batch /= 2
      configuration.accumulation =
        original.configuration.accumulation * (original.configuration.batch / configuration.batch)
      options = common + ["--batch \(configuration.batch)", "--accumulate \(configuration.accumulation)"]
      add()
    }
    for selector in [LayerSelector.lastStages(2), .lastStages(1), .head] { add(only: selector) }
  }

  private mutating func add(_ option: String? = nil) {
    if let option { options.append(option) }
    guard
      let trainer = try? Trainer(
        original.model, stages: original.stages, configuration: configuration, training: original.training,
        validation: original.validation, teacher: original.teacher, target: original.target)
    else { return }
    all.append((trainer, options.joined(separator: " ")))
  }

  /// The same training of less of the network, where that is less.
  private mutating func add(only selector: LayerSelector) {
    let model = original.model
    guard let plan = try? FreezePlan(selector, graph: model.graph, head: model.head),
      plan.trainableLayers.isStrictSubset(of: original.plan.trainableLayers),
      let trainer = try? Trainer(
        model, plan: plan, configuration: configuration, training: original.training, validation: original.validation,
        teacher: original.teacher, target: original.target)
    else { return }
    all.append((trainer, (options + ["--unfreeze \(selector)"]).joined(separator: " ")))
  }
}
