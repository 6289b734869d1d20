/// The optimizers that a command line or a recorded run can name.
public enum OptimizerKind: String, CaseIterable, Hashable, Sendable, Codable {
  case sgd, rmsprop, adagrad, adam, adamw, nadam, lion, lamb, lars

  /// The kind of that name, in capitals or not; nil for an unknown name, for which `names` tells what is known.
  public init?(named name: String) {
    self.init(rawValue: name.lowercased())
  }

  /// Every known name, for messages and help: `["sgd", "rmsprop", …]`.
  public static var names: [String] { allCases.map(\.rawValue) }

  /// The optimizer with its default settings: SGD with momentum 0.9, the others as in PyTorch or in their papers.
  public var optimizer: any Optimizer { OptimizerSettings(self).optimizer }
}
