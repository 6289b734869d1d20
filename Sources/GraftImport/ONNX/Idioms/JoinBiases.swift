import GraftGraph
import GraftTensors

extension ONNXIdioms {
  /// A constant for each channel added to a convolution or a dense layer is its bias.
  static func joinBiases(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes {
      guard let (before, addend, source) = addition(at: node, in: draft), let linear = draft.onlyRead(before),
        let biased = withBias(linear.layer)
      else { continue }
      let parameter = "\(linear.layer.name)/\(ParameterSpecification.Role.bias.rawValue)"
      let own = draft.parameters[parameter]?.floats
      let sum = own.map { zip($0, addend).map(+) } ?? addend
      draft.parameters[parameter] = Tensor(sum, shape: [sum.count])
      draft.sources[parameter] = source
      draft.replace(node.name, with: biased, after: linear.inputs)
      count += 1
    }
    return count
  }

  /// The node that a constant for each channel is added to.
  private static func addition(
    at node: NetworkDraft.Node, in draft: NetworkDraft
  ) -> (before: String, addend: [Float], source: String)? {
    if let layer = node.layer as? Rescaling, layer.scale == 1, let before = node.inputs.first {
      return (before, [Float](repeating: layer.offset, count: node.shape[0]), node.name)
    }
    let sign: Float = node.layer is Subtract ? -1 : 1
    guard node.layer is Add || node.layer is Subtract, node.inputs.count == 2 else { return nil }
    let orders = node.layer is Add ? [(0, 1), (1, 0)] : [(0, 1)]
    for (activation, constant) in orders {
      let before = node.inputs[activation]
      guard draft[before]?.shape == node.shape,
        let (values, source) = draft.channelConstant(node.inputs[constant], beside: node.shape)
      else { continue }
      return (before, values.map { $0 * sign }, source)
    }
    return nil
  }

  private static func withBias(_ layer: any Layer) -> (any Layer)? {
    switch layer {
    case var layer as Conv2D:
      layer.usesBias = true
      return layer
    case var layer as DepthwiseConv2D:
      layer.usesBias = true
      return layer
    case var layer as Dense:
      layer.usesBias = true
      return layer
    default: return nil
    }
  }
}
