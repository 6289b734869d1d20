/// The optimizers that a command line or a recorded run can name.
public enum OptimizerKind: String, CaseIterable, Hashable, Sendable, Codable {
  case sgd, adam, adamw

  /// The kind of that name, in capitals or not; nil for an unknown name, for which `names` tells what is known.
  public init?(named name: String) {
    self.init(rawValue: name.lowercased())
  }

  /// Every known name, for messages and help: `["sgd", "adam", "adamw"]`.
  public static var names: [String] { allCases.map(\.rawValue) }

  /// The optimizer with its default settings: SGD with momentum 0.9, Adam and AdamW with the betas of their papers.
  public var optimizer: any Optimizer {
    switch self {
    case .sgd: SGD()
    case .adam: Adam()
    case .adamw: AdamW()
    }
  }
}
