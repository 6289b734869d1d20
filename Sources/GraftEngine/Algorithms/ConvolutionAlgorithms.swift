/// By which algorithm convolutions run: directly, or by Winograd's where `record` knows or finds that it is faster.
///
/// Source: A. Lavin, S. Gray, Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308.
@EngineActor
public enum ConvolutionAlgorithms {
  /// Where measurements are remembered. Without one, as a program starts, all convolutions run directly: what no record keeps,
  /// another process would measure again, and perhaps differently.
  ///
  /// Within `going(by:)`, what was given there.
  public static var record: (any AlgorithmRecord)? {
    get {
      if let choice = TaskAlgorithms.choice { return choice.record }
      if let opening {
        self.opening = nil
        opened = opening()
      }
      return opened
    }
    set {
      opening = nil
      opened = newValue
    }
  }

  /// Has the record opened when the first convolution asks for it.
  public static func openRecordWhenNeeded(_ open: @escaping @EngineActor () -> (any AlgorithmRecord)?) {
    opening = open
  }

  /// Has all that `body` compiles go by another record, or by none: work that is gone on with, by what it began with.
  public static func going<Result>(
    by record: (any AlgorithmRecord)?, _ body: @EngineActor () async throws -> Result
  ) async rethrows -> Result {
    try await TaskAlgorithms.$choice.withValue(TaskAlgorithms(record: record)) { try await body() }
  }

  private static var opening: (@EngineActor () -> (any AlgorithmRecord)?)?
  private static var opened: (any AlgorithmRecord)?
}

/// What one task goes by, and those that it starts.
private struct TaskAlgorithms: Sendable {
  let record: (any AlgorithmRecord)?

  @TaskLocal static var choice: TaskAlgorithms?
}
