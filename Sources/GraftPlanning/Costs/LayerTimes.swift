import GraftGraph
import GraftTensors

/// How long the layers of a network take on a machine, measured once; from it follows how long any plan takes.
///
/// A layer's rate is its own: a depthwise convolution reaches a small part of the multiply-adds a second of a 3 × 3 one.
/// So a prediction adds up layers, and does not divide work by one rate.
public struct LayerTimes: Hashable, Sendable, Codable {
  /// Seconds for one image, by the names of layers.
  public struct Seconds: Hashable, Sendable, Codable {
    /// In a program that only predicts.
    public var inference: Double
    /// In one that trains.
    public var forward: Double
    public var inputGradient: Double
    public var parameterGradient: Double
    /// For both gradients at once, and whatever helps them: layouts, sums.
    public var bothGradients: Double

    public init(
      inference: Double = 0, forward: Double = 0, inputGradient: Double = 0, parameterGradient: Double = 0,
      bothGradients: Double = 0
    ) {
      self.inference = inference
      self.forward = forward
      self.inputGradient = inputGradient
      self.parameterGradient = parameterGradient
      self.bothGradients = bothGradients
    }
  }

  public var layers: [String: Seconds]
  /// Optimizer steps: seconds for each number that trains.
  public var updateSecondsPerParameter: Double
  /// Taking activations out of the frozen part: seconds for each byte at the frontier. Where the frontier is wide, it takes
  /// as long as the layers before it.
  public var frontierSecondsPerByte: Double

  public init(
    _ layers: [String: Seconds] = [:], updateSecondsPerParameter: Double = 0, frontierSecondsPerByte: Double = 0
  ) {
    self.layers = layers
    self.updateSecondsPerParameter = updateSecondsPerParameter
    self.frontierSecondsPerByte = frontierSecondsPerByte
  }

  /// What a plan's two programs take for one image.
  ///
  /// - Parameters:
  ///   - graph: the measured network, backbone and head.
  ///   - batch: images in a step, which share the optimizer's.
  public func times(of plan: FreezePlan, on graph: LayerGraph, batch: Int) -> ProgramTimes {
    let roles = NodeRoles(plan, graph)
    var times = ProgramTimes()
    let frontier = plan.frontier(of: graph).compactMap { graph[$0] }.filter { !($0.layer is InputLayer) }
    times.prefix = frontierSecondsPerByte * frontier.reduce(0) { $0 + 4 * Double($1.shape.count) }
    var seen: Set<String> = []
    for node in graph.nodes {
      guard seen.insert(node.layer.name).inserted, let seconds = layers[node.layer.name] else { continue }
      if roles.prefix.contains(node.name) { times.prefix += seconds.inference }
      guard roles.suffix.contains(node.name) else { continue }
      times.evaluation += seconds.inference
      times.training += seconds.forward
      let gradients = roles.gradients(of: node, trains: plan.trains)
      if gradients.ofInput { times.training += seconds.inputGradient }
      if gradients.ofParameters { times.training += seconds.parameterGradient }
      if gradients.ofInput || gradients.ofParameters { times.training += seconds.bothGradients }
    }
    let trainable = plan.trainableParameters(of: graph).reduce(0) { $0 + $1.shape.count }
    times.training += updateSecondsPerParameter * Double(trainable) / Double(max(batch, 1))
    return times
  }
}

/// What a plan's programs take for one image, in seconds.
public struct ProgramTimes: Hashable, Sendable, Codable {
  /// The frozen part.
  public var prefix: Double
  /// Forward and backward through the rest, and the image's share of the optimizer's step.
  public var training: Double
  /// The rest as it predicts.
  public var evaluation: Double

  public init(prefix: Double = 0, training: Double = 0, evaluation: Double = 0) {
    self.prefix = prefix
    self.training = training
    self.evaluation = evaluation
  }
}
