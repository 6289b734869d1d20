/// The losses that a command line or a recorded run can name.
public enum LossKind: String, CaseIterable, Hashable, Sendable, Codable {
  case crossEntropy = "cross-entropy"
  case focal, bce, mse, mae, huber, distillation

  /// The kind of that name, in capitals or not; nil for an unknown name, for which `names` tells what is known.
  public init?(named name: String) {
    self.init(rawValue: name.lowercased())
  }

  /// Every known name, for messages and help.
  public static var names: [String] { allCases.map(\.rawValue) }

  /// Which targets the loss is for.
  public var targets: [Targets.Kind] {
    switch self {
    case .crossEntropy: [.classes, .distributions]
    case .focal, .bce: [.classes, .distributions, .labels]
    case .mse, .mae, .huber: [.values]
    case .distillation: [.taught]
    }
  }
}
