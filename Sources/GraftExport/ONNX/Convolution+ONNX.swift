import GraftFormats
import GraftGraph
import GraftTensors

extension Conv2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    var operands = [inputs[0].name, try builder.parameter(.kernel)]
    if usesBias { operands.append(try builder.parameter(.bias)) }
    var attributes = window.convolutionAttributes(over: inputs[0].shape)
    attributes["group"] = .integer(groups)
    try builder.finish("Conv", operands, attributes, then: activation)
  }
}

extension DepthwiseConv2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    var operands = [inputs[0].name, try builder.parameter(.depthwiseKernel)]
    if usesBias { operands.append(try builder.parameter(.bias)) }
    var attributes = window.convolutionAttributes(over: inputs[0].shape)
    attributes["group"] = .integer(inputs[0].shape[0])
    try builder.finish("Conv", operands, attributes, then: activation)
  }
}

extension SeparableConv2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    var attributes = window.convolutionAttributes(over: inputs[0].shape)
    attributes["group"] = .integer(inputs[0].shape[0])
    let depthwise = builder.add("Conv", [inputs[0].name, try builder.parameter(.depthwiseKernel)], attributes)
    var operands = [depthwise, try builder.parameter(.pointwiseKernel)]
    if usesBias { operands.append(try builder.parameter(.bias)) }
    try builder.finish("Conv", operands, ["kernel_shape": .integers([1, 1])], then: activation)
  }
}

extension Dense: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    var operands = [inputs[0].name, try builder.parameter(.kernel)]
    if usesBias { operands.append(try builder.parameter(.bias)) }
    try builder.finish("Gemm", operands, ["transB": .integer(1)], then: activation)
  }
}

extension UnitDense: ONNXExportable {
  /// As the dense layer that computes the same.
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let kernel = try builder.parameter(.kernel) { plainKernel($0) }
    builder.finish("Gemm", [inputs[0].name, kernel], ["transB": .integer(1)])
  }
}

extension Window2D {
  func convolutionAttributes(over input: Shape) -> [String: ONNXAttribute] {
    let margins = margins(for: Size2D(height: input[1], width: input[2]))
    return [
      "kernel_shape": .integers(size), "strides": .integers(strides), "dilations": .integers(dilation),
      "pads": .integers([margins.top, margins.left, margins.bottom, margins.right]),
    ]
  }
}
