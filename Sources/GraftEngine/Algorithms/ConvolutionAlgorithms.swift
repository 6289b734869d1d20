/// By which algorithm convolutions run: directly, or by Winograd's where `record` knows or finds that it is faster.
///
/// Source: A. Lavin, S. Gray, Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308.
@EngineActor
public enum ConvolutionAlgorithms {
  /// Where measurements are remembered. Without one, as a program starts, all convolutions run directly: what no record keeps,
  /// another process would measure again, and perhaps differently.
  public static var record: (any AlgorithmRecord)? {
    get {
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

  private static var opening: (@EngineActor () -> (any AlgorithmRecord)?)?
  private static var opened: (any AlgorithmRecord)?
}
