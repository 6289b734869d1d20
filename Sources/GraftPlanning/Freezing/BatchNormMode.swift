/// Which statistics a batch normalisation uses in training, and whether they move. Whether γ and β train is a matter of
/// its own: they are parameters like any other.
public enum BatchNormMode: String, Hashable, Sendable, Codable {
  /// The moving statistics, which stay as they are: the layer is the same function as at inference.
  case frozen
  /// Those of the batch, which also move the moving ones.
  case batchStatistics
}

/// What is to happen to batch normalisations. Those of frozen layers hold still, unless `BatchNormRules` name them; those
/// of the head always train.
public enum BatchNormPolicy: String, Hashable, Sendable, Codable, CaseIterable {
  /// They hold still wholly.
  case frozen
  /// γ and β train; the moving statistics are used and stay. Safe for small batches: the network computes the same
  /// function in training as afterwards.
  case affine
  /// γ and β hold still; the batch's statistics are used and move the moving ones, so that these become the new images'.
  case reestimate
  /// γ and β train, the batch's statistics are used and move the moving ones: training from the ground up.
  case train

  /// Whether γ and β train, where they are among what is to train.
  public var trainsAffine: Bool { self == .affine || self == .train }

  /// Which statistics the forward pass uses, and whether they move.
  public var mode: BatchNormMode { self == .reestimate || self == .train ? .batchStatistics : .frozen }
}
