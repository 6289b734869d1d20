import GraftPlanning
import GraftTraining

/// How long trainings of a network take on this machine, from what its layers were measured to take.
struct TrainingTimes: Sendable {
  let measured: MeasuredNetwork
  /// What solving a head takes, beside the pass that takes the features.
  var solverSeconds = 0.0

  /// - Parameter trainer: of the network that was measured.
  /// - Returns: a prediction for each stage.
  func callAsFunction(_ trainer: Trainer) throws -> [TimePrediction] {
    try trainer.stages.enumerated().map { index, stage in
      let graph = try trainer.model(ofStage: index).logits
      let cache = try trainer.cachePlan(of: stage)
      var times = measured.times.times(of: stage.plan, on: graph, batch: trainer.configuration.batch)
      if stage.solver != nil { times.training = solverSeconds / Double(max(trainer.training.count, 1)) }
      return TimePrediction(
        times,
        // What precedes the first image: the programs of each stage, smaller than those of the whole network.
        rates: TimePrediction.Rates(decode: measured.decode, start: index == 0 ? measured.start : 0),
        amount: TimePrediction.Amount(
          trainingImages: trainer.training.count, validationImages: trainer.validation.count, views: cache.views,
          epochs: stage.epochs, training: .init(cache.training), validation: .init(cache.validation),
          bytesPerImage: cache.bytesPerImage))
    }
  }
}

extension TimePrediction.Keeping {
  /// Reading from a disk is as fast as a plain solid-state one, about.
  init(_ place: CachePlan.Place) {
    switch place {
    case .memory: self = .memory
    case .disk: self = .disk(bytesPerSecond: 500e6)
    case .nowhere: self = .nowhere
    }
  }
}
