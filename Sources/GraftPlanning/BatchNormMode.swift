/// Which statistics a batch normalisation uses in training, and whether they move. Whether γ and β train is a matter of
/// its own: they are parameters like any other.
public enum BatchNormMode: String, Hashable, Sendable, Codable {
  /// The moving statistics, which stay as they are: the layer is the same function as at inference.
  case frozen
  /// Those of the batch, which also move the moving ones.
  case batchStatistics
}
