import CDNNL
import GraftGraph
import GraftTensors

extension Add: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try Combination.add.lower(inputs, node, layer: name, in: lowering)
  }
}

extension RectifiedSum: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let sum = try Combination.add.lower(inputs, node, activation: .relu, layer: name, in: lowering)
    return LoweredNode(output: sum.output) { gradient in
      // The output alone tells the way back.
      let linear = try ElementwiseOperation.rectifier().emitBackward(
        gradient, input: nil, output: sum.output, layer: name, in: lowering)
      return try sum.backward?(linear) ?? inputs.map { _ in nil }
    }
  }
}

extension Subtract: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try Combination.subtract.lower(inputs, node, layer: name, in: lowering)
  }
}

extension Multiply: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try Combination.multiply.lower(inputs, node, layer: name, in: lowering)
  }
}

extension Maximum: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try Combination.maximum.lower(inputs, node, layer: name, in: lowering)
  }
}

extension Minimum: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try Combination.minimum.lower(inputs, node, layer: name, in: lowering)
  }
}

extension Divide: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try Combination.divide.lower(inputs, node, layer: name, in: lowering)
  }
}

extension Average: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let sum = try Combination.add.lower(inputs, node, layer: name, in: lowering)
    let mean = try lowering.apply([.affine(1 / Float(inputs.count))], to: sum.output, layer: name)
    return LoweredNode(output: mean.output) { gradient in
      guard let ofSum = try mean.backward?(gradient).first ?? nil else { return inputs.map { _ in nil } }
      return try sum.backward?(ofSum) ?? inputs.map { _ in nil }
    }
  }
}

/// A function of two tensors with its gradients; of more by applying it again and again.
private enum Combination {
  case add, subtract, multiply, divide, maximum, minimum

  /// - Parameter activation: of the result; the backward pass is that of the combination alone.
  @EngineActor
  func lower(
    _ inputs: [Memory], _ node: LoweringNode, activation: Activation.Function = .linear, layer: String,
    in lowering: Lowering
  ) throws -> LoweredNode {
    let operands = try inputs.map { try lowering.aligned($0, with: node.shape, layer: layer) }
    var values = [try lowering.expanded(operands[0], to: node.shape, layer: layer)]
    for (index, operand) in operands.enumerated().dropFirst() {
      let isLast = index == operands.count - 1
      values.append(
        try lowering.binary(
          algorithm, values[index - 1], operand, activation: isLast ? activation : .linear, layer: layer))
    }
    return LoweredNode(output: values[values.count - 1]) { gradient in
      var gradient = gradient
      var results = [Memory?](repeating: nil, count: inputs.count)
      for index in inputs.indices.dropFirst().reversed() {
        let (first, second) = (values[index - 1], operands[index])
        if node.inputsNeedGradient[index] {
          let full = try ofSecond(gradient, first, second, layer, lowering)
          results[index] = try lowering.narrowed(full, to: second.shape, as: inputs[index].shape, layer: layer)
        }
        if node.inputsNeedGradient[..<index].contains(true) {
          gradient = try ofFirst(gradient, first, second, layer, lowering)
        }
      }
      if node.inputsNeedGradient[0] {
        results[0] = try lowering.narrowed(gradient, to: operands[0].shape, as: inputs[0].shape, layer: layer)
      }
      return results
    }
  }

  private var algorithm: dnnl_alg_kind_t {
    switch self {
    case .add: dnnl_binary_add
    case .subtract: dnnl_binary_sub
    case .multiply: dnnl_binary_mul
    case .divide: dnnl_binary_div
    case .maximum: dnnl_binary_max
    case .minimum: dnnl_binary_min
    }
  }

  @EngineActor
  private func ofFirst(
    _ gradient: Memory, _ first: Memory, _ second: Memory, _ layer: String, _ lowering: Lowering
  ) throws -> Memory {
    switch self {
    case .add, .subtract: return gradient
    case .multiply: return try lowering.binary(dnnl_binary_mul, gradient, second, layer: layer)
    case .divide: return try lowering.binary(dnnl_binary_div, gradient, second, layer: layer)
    case .maximum, .minimum:
      // Of two equal numbers the first has the gradient, as in TensorFlow.
      let comparison = self == .maximum ? dnnl_binary_ge : dnnl_binary_le
      let wins = try lowering.binary(comparison, first, second, layer: layer)
      return try lowering.binary(dnnl_binary_mul, gradient, wins, layer: layer)
    }
  }

  @EngineActor
  private func ofSecond(
    _ gradient: Memory, _ first: Memory, _ second: Memory, _ layer: String, _ lowering: Lowering
  ) throws -> Memory {
    switch self {
    case .add: return gradient
    case .subtract: return try lowering.apply([.affine(-1)], to: gradient, layer: layer).output
    case .multiply: return try lowering.binary(dnnl_binary_mul, gradient, first, layer: layer)
    case .divide:
      // −g · (a / b) / b, which overflows later than b² does.
      let quotient = try lowering.binary(dnnl_binary_div, first, second, layer: layer)
      let scaled = try lowering.binary(dnnl_binary_mul, quotient, gradient, layer: layer)
      let divided = try lowering.binary(dnnl_binary_div, scaled, second, layer: layer)
      return try lowering.apply([.affine(-1)], to: divided, layer: layer).output
    case .maximum, .minimum:
      let comparison = self == .maximum ? dnnl_binary_lt : dnnl_binary_gt
      let wins = try lowering.binary(comparison, first, second, layer: layer)
      return try lowering.binary(dnnl_binary_mul, gradient, wins, layer: layer)
    }
  }
}

extension Lowering {
  /// `[N, C]` as `[N, C, 1, 1]` beside feature maps.
  fileprivate func aligned(_ input: Memory, with shape: Shape, layer: String) throws -> Memory {
    guard input.shape.rank < shape.rank else { return input }
    let ones = [Int](repeating: 1, count: shape.rank - input.shape.rank)
    return try reshape(input, to: Shape(input.shape.dimensions + ones), layer: layer)
  }

  /// What has 1 in places, at every position of `shape`.
  fileprivate func expanded(_ input: Memory, to shape: Shape, layer: String) throws -> Memory {
    guard input.shape != shape else { return input }
    let zeros = try Memory(.channelsLast(shape))
    return try binary(dnnl_binary_add, zeros, input, layer: layer)
  }

  /// The gradient of what was counted at every position: summed where `operand` has 1, in the shape that it came in.
  fileprivate func narrowed(_ gradient: Memory, to operand: Shape, as shape: Shape, layer: String) throws -> Memory {
    let axes = operand.dimensions.indices.filter { operand[$0] != gradient.shape[$0] }
    let sum = axes.isEmpty ? gradient : try reduced(gradient, .sum, over: axes, to: operand, layer: layer).output
    return sum.shape == shape ? sum : try reshape(sum, to: shape, layer: layer)
  }
}
