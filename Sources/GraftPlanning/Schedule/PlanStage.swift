/// One stage of a training: what trains, for how long, and how fast.
public struct PlanStage: Hashable, Sendable {
  public enum Scope: Hashable, Sendable {
    case selector(LayerSelector)
    /// One stage of the backbone after another, from the head down, each with so many epochs before the next
    /// (Howard and Ruder, arXiv:1801.06146).
    case gradual(epochs: Int)
  }

  /// The learning rate of a stage.
  public enum Rate: Hashable, Sendable {
    /// Times the training's own.
    case factor(Double)
    case absolute(Double)

    /// - Parameter rate: the training's.
    public func value(of rate: Double) -> Double {
      switch self {
      case .factor(let factor): rate * factor
      case .absolute(let rate): rate
      }
    }
  }

  /// What messages call the stage; its selector where nil.
  public var name: String?
  public var scope: Scope
  /// Nil for what the other stages leave of the training's.
  public var epochs: Int?
  public var rate: Rate
  /// How batch normalisations behave; as in the rest of the training where nil.
  public var batchNorm: BatchNormRules?

  public init(
    _ scope: Scope, name: String? = nil, epochs: Int? = nil, rate: Rate = .factor(1), batchNorm: BatchNormRules? = nil
  ) {
    self.scope = scope
    self.name = name
    self.epochs = epochs
    self.rate = rate
    self.batchNorm = batchNorm
  }

  public init(
    _ selector: LayerSelector, name: String? = nil, epochs: Int? = nil, rate: Rate = .factor(1),
    batchNorm: BatchNormRules? = nil
  ) {
    self.init(.selector(selector), name: name, epochs: epochs, rate: rate, batchNorm: batchNorm)
  }
}

/// A training in stages, one after the other.
public struct StagedPlan: Hashable, Sendable {
  /// At least one.
  public let stages: [PlanStage]

  public init(_ first: PlanStage, _ others: PlanStage...) {
    stages = [first] + others
  }

  /// - Precondition: there is a stage.
  public init(_ stages: [PlanStage]) {
    precondition(!stages.isEmpty)
    self.stages = stages
  }

  /// A single stage that takes all epochs.
  public init(_ selector: LayerSelector) {
    stages = [PlanStage(selector)]
  }
}
