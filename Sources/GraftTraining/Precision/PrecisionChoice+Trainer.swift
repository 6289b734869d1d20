extension Trainer {
  /// The same training in the precision that a trial on its photographs finds to suit its network.
  ///
  /// - Throws: `EngineError`; `CancellationError`.
  public func inSuitingPrecision() async throws -> Trainer {
    let choice = try await PrecisionTrial(model).choose(on: training, cache: configuration.frontierCache)
    var other = self
    other.configuration.precision = choice.precision
    return other
  }
}
