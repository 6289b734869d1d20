import GraftGraph
import GraftTensors

extension Conv2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    guard let kernel = node.kernel else {
      throw EngineError.unsupportedLayer(name: name, kind: Self.kind)
    }
    let convolution = Convolution(
      layer: name, window: window, groups: groups, kernel: kernel, bias: node.bias, activation: activation)
    return try convolution.lower(
      inputs[0], to: node.shape, residual: inputs.dropFirst().first, inputNeedsGradient: node.inputNeedsGradient,
      keepsFloat32: node.keepsFloat32, node, into: lowering)
  }
}

extension DepthwiseConv2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    guard let kernel = node.parameters[.depthwiseKernel] else {
      throw EngineError.unsupportedLayer(name: name, kind: Self.kind)
    }
    let convolution = Convolution(
      layer: name, window: window, groups: inputs[0].shape[1], kernel: kernel, bias: node.bias, activation: activation)
    return try convolution.lower(
      inputs[0], to: node.shape, inputNeedsGradient: node.inputNeedsGradient, keepsFloat32: node.keepsFloat32,
      node, into: lowering)
  }
}

extension SeparableConv2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    guard let depthwiseKernel = node.parameters[.depthwiseKernel],
      let pointwiseKernel = node.parameters[.pointwiseKernel]
    else {
      throw EngineError.unsupportedLayer(name: name, kind: Self.kind)
    }
    let depthwise = Convolution(
      layer: name, window: window, groups: inputs[0].shape[1], kernel: depthwiseKernel, bias: nil, activation: .linear)
    let pointwise = Convolution(
      layer: name, window: Window2D(size: 1), groups: 1, kernel: pointwiseKernel, bias: node.bias,
      activation: activation)
    var middleShape = node.shape
    middleShape[1] = inputs[0].shape[1] * multiplier
    let middle = try depthwise.lower(
      inputs[0], to: middleShape, inputNeedsGradient: node.inputNeedsGradient, keepsFloat32: false, node,
      into: lowering)
    let result = try pointwise.lower(
      middle.output, to: node.shape, residual: inputs.dropFirst().first,
      inputNeedsGradient: node.trains || node.inputNeedsGradient, keepsFloat32: node.keepsFloat32, node, into: lowering)
    return LoweredNode(output: result.output) { gradient in
      guard let ofMiddle = try result.backward?(gradient).first ?? nil else { return [nil] }
      return try middle.backward?(ofMiddle) ?? [nil]
    }
  }
}

/// The convolutions above add a second input where they have one, which no graph of a user's gives them.
extension ResidualConvolution: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try convolution.lower(inputs, node, into: lowering)
  }
}
