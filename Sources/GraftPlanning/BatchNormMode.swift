/// Which statistics a batch normalisation uses in training, and whether they move. Whether γ and β train is a matter of
/// its own: they are parameters like any other.
public enum BatchNormMode: String, Hashable, Sendable, Codable {
  /// The moving statistics, which stay as they are: the layer is the same function as at inference.
  case frozen
  /// Those of the batch, which also move the moving ones.
  case batchStatistics
}

/// What is to happen to the batch normalisations among the layers that are unfrozen. Those of frozen layers always hold
/// still; those of the head always train.
public enum BatchNormPolicy: String, Hashable, Sendable, Codable, CaseIterable {
  /// They hold still wholly.
  case frozen
  /// γ and β train; the moving statistics are used and stay. Safe for small batches: the network computes the same
  /// function in training as afterwards.
  case affine
  /// γ and β train, the batch's statistics are used and move the moving ones: training from the ground up.
  case train
}
