/// What one head of a network tells of an image.
public enum PredictionTask: Hashable, Sendable, Codable {
  /// One class of several: the head ends with a softmax.
  case classification(classes: [String])
  /// Which of these labels hold, each apart from the others: the head ends with a sigmoid.
  case multiLabel(labels: [String])
  /// Numbers, each under its name.
  case regression(values: [String])

  /// What the head's outputs are of, in their order.
  public var names: [String] {
    switch self {
    case .classification(let names), .multiLabel(let names), .regression(let names): names
    }
  }
}
