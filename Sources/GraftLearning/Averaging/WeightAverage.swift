/// How weights are averaged over a training, for a better end than its last step.
public enum WeightAveraging: Hashable, Sendable, Codable {
  /// A mean in which each step's weights fade by `decay` a step: exponential moving average (Polyak and Juditsky, 1992).
  /// Its memory is about 1 / (1 − decay) steps.
  case exponential(decay: Double)
  /// The plain mean: stochastic weight averaging (Izmailov et al., arXiv:1803.05407), taken at the end of epochs.
  case equal
}

/// The average of one parameter over a training, as `torch.optim.swa_utils.AveragedModel` computes it
/// (https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema), with `get_ema_multi_avg_fn(decay)` or with its
/// default.
///
///     average ← average + (1 − decay) · (parameter − average)          exponential
///     average ← average + (parameter − average) / (count + 1)          equal
///
/// The first weights are taken as they are. Batch normalisations' moving statistics belong to the weights they were taken
/// with: after averaging they have to be estimated anew, or averaged too.
public struct WeightAverage: Hashable, Sendable, Codable {
  public let averaging: WeightAveraging
  /// How many weights the average is of.
  public private(set) var count: Int
  /// The average, in the parameter's order; empty before the first.
  public private(set) var values: [Float]

  public init(_ averaging: WeightAveraging) {
    self.init(averaging, count: 0, values: [])
  }

  /// An average that was kept, as by a checkpoint.
  ///
  /// - Precondition: values where `count` is above 0, and none where it is 0.
  public init(_ averaging: WeightAveraging, count: Int, values: [Float]) {
    precondition(
      count >= 0 && (count > 0 || values.isEmpty), "an average of \(count) weights with \(values.count) values")
    self.averaging = averaging
    self.count = count
    self.values = values
  }

  /// Takes in the parameter as it is now.
  ///
  /// - Precondition: as many elements as before.
  public mutating func add(_ parameter: Span<Float>) {
    defer { count += 1 }
    guard count > 0 else {
      values = parameter.indices.map { parameter[$0] }
      return
    }
    precondition(parameter.count == values.count, "\(parameter.count) elements into an average of \(values.count)")
    let share: Float =
      switch averaging {
      case .exponential(let decay): Float(1 - decay)
      case .equal: 1 / Float(count + 1)
      }
    var average = values.mutableSpan
    for index in average.indices { average[index] += share * (parameter[index] - average[index]) }
  }
}
