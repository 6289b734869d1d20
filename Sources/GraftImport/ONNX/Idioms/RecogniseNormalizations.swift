import GraftGraph
import GraftTensors

extension ONNXIdioms {
  /// A chain of sums and products with constants for each channel is a batch normalisation taken apart: TensorFlow's
  /// exporters write γ / √(variance + ε) as one constant and β − mean · that as another. At the network's beginning it is a
  /// `Normalization`, which does not train.
  static func recogniseNormalizations(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes {
      // Where the chain goes on, its end will take this node over.
      guard let last = step(at: node, in: draft), !isContinued(node, in: draft) else { continue }
      var steps = [last]
      while let before = draft.onlyRead(steps[0].input), let earlier = step(at: before, in: draft) {
        steps.insert(earlier, at: 0)
      }
      // One number for all channels is a scaling; a sum alone is no normalisation.
      guard steps.contains(where: \.isByChannel), steps.contains(where: \.isProduct),
        let channels = node.shape.dimensions.first
      else { continue }
      let normalization = AffineChain(steps, channels: channels)
      guard replace(node, by: normalization, input: steps[0].input, in: &draft) else { continue }
      count += 1
    }
    return count
  }

  /// One sum or product with constants.
  fileprivate struct Step {
    enum Operation {
      case add([Float])
      case multiply([Float])
    }

    let operation: Operation
    let input: String
    let isByChannel: Bool
    let source: String
    let layer: String

    var isProduct: Bool {
      if case .multiply(let values) = operation { return values.contains { $0 != 1 } }
      return false
    }
  }

  private static func isContinued(_ node: NetworkDraft.Node, in draft: NetworkDraft) -> Bool {
    guard draft.onlyRead(node.name) != nil else { return false }
    return draft.nodes.contains { $0.inputs.contains(node.name) && step(at: $0, in: draft) != nil }
  }

  private static func step(at node: NetworkDraft.Node, in draft: NetworkDraft) -> Step? {
    guard let channels = node.shape.dimensions.first, node.shape.rank == 1 || node.shape.rank == 3 else { return nil }
    if let layer = node.layer as? Rescaling, let input = node.inputs.first, layer.scale == 1 || layer.offset == 0 {
      let operation: Step.Operation =
        layer.scale == 1
        ? .add([Float](repeating: layer.offset, count: channels))
        : .multiply([Float](repeating: layer.scale, count: channels))
      return Step(operation: operation, input: input, isByChannel: false, source: node.name, layer: layer.name)
    }
    guard node.inputs.count == 2 else { return nil }
    let isCommutative = node.layer is Add || node.layer is Multiply
    for (activation, constant) in isCommutative ? [(0, 1), (1, 0)] : [(0, 1)] {
      guard draft[node.inputs[activation]]?.shape == node.shape,
        let (values, source) = draft.channelConstant(node.inputs[constant], beside: node.shape)
      else { continue }
      let operation: Step.Operation
      switch node.layer {
      case is Add: operation = .add(values)
      case is Subtract: operation = .add(values.map { -$0 })
      case is Multiply: operation = .multiply(values)
      case is Divide: operation = .multiply(values.map { 1 / $0 })
      default: return nil
      }
      return Step(
        operation: operation, input: node.inputs[activation], isByChannel: true, source: source,
        layer: node.layer.name)
    }
    return nil
  }

  /// What a chain of steps computes: (x − mean) / deviation · scale + shift.
  private struct AffineChain {
    var mean: [Float]
    var deviation: [Float]
    var scale: [Float]
    var shift: [Float]
    let hasShift: Bool
    let name: String
    let sources: [String]

    init(_ steps: [Step], channels: Int) {
      name = steps.first { $0.isProduct }?.layer ?? steps[0].layer
      sources = steps.map(\.source)
      let zeros = [Float](repeating: 0, count: channels)
      let ones = [Float](repeating: 1, count: channels)
      (mean, deviation, scale, shift) = (zeros, ones, ones, zeros)
      var rest = steps[...]
      // Written out in full: − mean, / deviation, · γ, + β.
      if steps.count >= 3, case .add(let first) = steps[0].operation, case .multiply(let second) = steps[1].operation,
        second.allSatisfy({ $0 > 0 && $0.isFinite })
      {
        mean = first.map { -$0 }
        deviation = second.map { 1 / $0 }
        rest = steps[2...]
      }
      for step in rest {
        switch step.operation {
        case .add(let values): shift = zip(shift, values).map(+)
        case .multiply(let values):
          scale = zip(scale, values).map(*)
          shift = zip(shift, values).map(*)
        }
      }
      hasShift = shift.contains { $0 != 0 } || steps.contains { if case .add = $0.operation { true } else { false } }
    }
  }

  /// Takes the chain into the γ and β of the normalisation before it: Caffe's networks have both apart.
  private static func join(_ chain: AffineChain, to layer: BatchNormalization, in draft: inout NetworkDraft) {
    let slopes = zip(chain.scale, chain.deviation).map { $0 / $1 }
    let shifts = zip(zip(chain.shift, slopes), chain.mean).map { $0.0 - $0.1 * $1 }
    let (gammaName, betaName) = ("\(layer.name)/gamma", "\(layer.name)/beta")
    let gamma = draft.parameters[gammaName]?.floats ?? slopes.map { _ in 1 }
    let beta = draft.parameters[betaName]?.floats ?? slopes.map { _ in 0 }
    draft.parameters[gammaName] = Tensor(zip(gamma, slopes).map(*), shape: [slopes.count])
    draft.parameters[betaName] = Tensor(zip(zip(beta, slopes), shifts).map { $0.0 * $0.1 + $1 }, shape: [slopes.count])
    for name in [gammaName, betaName] {
      draft.sources[name] = ([draft.sources[name]].compactMap { $0 } + chain.sources).joined(separator: ", ")
    }
  }

  private static func replace(
    _ node: NetworkDraft.Node, by chain: AffineChain, input: String, in draft: inout NetworkDraft
  ) -> Bool {
    let values = chain.mean + chain.deviation + chain.scale + chain.shift
    guard values.allSatisfy(\.isFinite) else { return false }
    if draft[input]?.layer is InputLayer {
      // (x − mean) / deviation · scale + shift, as (x − m) / √v.
      let slopes = zip(chain.scale, chain.deviation).map { $0 / $1 }
      guard slopes.allSatisfy({ $0 > 0 }) else { return false }
      let means = zip(chain.mean, zip(chain.shift, slopes)).map { $0 - $1.0 / $1.1 }
      let layer = Normalization(chain.name, mean: means, variance: slopes.map { 1 / ($0 * $0) })
      draft.replace(node.name, with: layer, after: [input])
      return true
    }
    if let before = draft.onlyRead(input), let normalization = before.layer as? BatchNormalization {
      join(chain, to: normalization, in: &draft)
      var whole = normalization
      (whole.usesScale, whole.usesShift) = (true, true)
      draft.replace(node.name, with: whole, after: before.inputs)
      return true
    }
    // No network is without ε once it trains; taken off the variance, it changes nothing now.
    let epsilon: Float = 1e-5
    let variances = chain.deviation.map { $0 * $0 }
    let usesEpsilon = variances.allSatisfy { $0 > 2 * epsilon }
    let layer = BatchNormalization(
      chain.name, epsilon: usesEpsilon ? epsilon : 0, usesShift: chain.hasShift)
    let tensors: [(ParameterSpecification.Role, [Float])] =
      [
        (.gamma, chain.scale), (.movingMean, chain.mean),
        (.movingVariance, usesEpsilon ? variances.map { $0 - epsilon } : variances),
      ] + (chain.hasShift ? [(.beta, chain.shift)] : [])
    for (role, numbers) in tensors {
      let parameter = "\(layer.name)/\(role.rawValue)"
      draft.parameters[parameter] = Tensor(numbers, shape: [numbers.count])
      draft.sources[parameter] = chain.sources.joined(separator: ", ")
    }
    draft.replace(node.name, with: layer, after: [input])
    return true
  }
}
