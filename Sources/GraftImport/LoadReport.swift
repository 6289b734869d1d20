import GraftTensors

/// What became of every tensor of a file, and of every parameter of the network.
public struct LoadReport: Sendable {
  public enum Matching: String, Sendable {
    /// Layers by the names that the file gives them.
    case names
    /// Layers by their place in the network; the file numbers or names them otherwise.
    case order
  }

  public struct Binding: Hashable, Sendable {
    /// The network's name for it: `conv1/kernel`.
    public let parameter: String
    /// The file's: `conv1/conv1_W:0`.
    public let source: String
  }

  public internal(set) var matching = Matching.names
  public internal(set) var bound: [Binding] = []
  /// Tensors of the file that the network has no place for: a classifier that was left off, for example.
  public internal(set) var unused: [String] = []
  /// What was done to all tensors of a kind, in words: “kernels flipped in height and width (Theano)”.
  public internal(set) var conversions: [String] = []

  public init() {}

  /// One line for people.
  public var summary: String {
    var parts = ["\(bound.count) tensors bound by \(matching == .names ? "name" : "layer order")"]
    if !unused.isEmpty { parts.append("\(unused.count) of the file left unused") }
    return (parts + conversions).joined(separator: "; ")
  }
}
