import GraftFormats
import GraftGraph
import GraftTensors

extension ONNXOperators {
  static let convolutions: [String: Converter] = ["Conv": convolution]

  /// Source: <https://onnx.ai/onnx/operators/onnx__Conv.html>.
  private static func convolution(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand]
  {
    let kernel = try operation.required(1, "the kernel")
    guard kernel.shape.rank == 4 else {
      throw ONNXRefusal("it convolves along \(kernel.shape.rank - 2) axes; only two are supported")
    }
    let input = try builder.featureMap(operation.activation(0))
    let size = Size2D(height: kernel.shape[2], width: kernel.shape[3])
    let window = try operation.window(size, over: input.shape)
    let groups = try operation.integer("group", default: 1)
    let filters = kernel.shape[0]
    let bias = try operation.constant(2, "the bias")
    if let bias, bias.shape.count != filters {
      throw ONNXRefusal("its bias has the shape \(bias.shape), where it has \(filters) filters")
    }
    guard groups > 0, input.shape[0] % groups == 0, kernel.shape[1] == input.shape[0] / groups else {
      throw ONNXRefusal("its kernel \(kernel.shape) in \(groups) groups does not suit its input \(input.shape)")
    }
    var weights = [(ParameterSpecification.Role.kernel, kernel, operation.node.inputs[1])]
    if let bias { weights.append((.bias, bias, operation.node.inputs[2])) }
    let output: ONNXActivation
    if groups > 1, groups == input.shape[0], filters % groups == 0 {
      weights[0].0 = .depthwiseKernel
      var layer = DepthwiseConv2D(
        operation.name, kernel: size, multiplier: filters / groups, usesBias: bias != nil)
      layer.window = window
      output = try builder.add(layer, after: [input.node], weights: weights, sharing: operation.node.inputs[1])
    } else {
      var layer = Conv2D(operation.name, filters: filters, kernel: size, groups: groups, usesBias: bias != nil)
      layer.window = window
      output = try builder.add(layer, after: [input.node], weights: weights, sharing: operation.node.inputs[1])
    }
    return [.activation(output)]
  }
}

extension ONNXOperation {
  /// How a window of that size moves, by the options that convolutions and poolings have in common.
  func window(_ size: Size2D, over input: Shape) throws -> Window2D {
    if let stated = try integers("kernel_shape"), stated != [size.height, size.width] {
      throw ONNXRefusal("its option kernel_shape is \(stated), where its kernel is \(size)")
    }
    let strides = try pair("strides")
    let dilation = try pair("dilations")
    let rounding: Window2D.Rounding = try integer("ceil_mode", default: 0) != 0 ? .up : .down
    var window = Window2D(size: size, strides: strides, dilation: dilation, rounding: rounding)
    guard
      [size, strides, dilation].allSatisfy({ (1...1 << 20).contains($0.height) && (1...1 << 20).contains($0.width) })
    else { throw ONNXRefusal("its window of \(size), strides \(strides) and dilation \(dilation) make no sense") }
    switch try text("auto_pad", default: "NOTSET") {
    case "NOTSET", "":
      let pads = try integers("pads") ?? [0, 0, 0, 0]
      guard pads.count == 4, pads.allSatisfy({ (0...1 << 20).contains($0) }) else {
        throw ONNXRefusal("its option pads is \(pads), where four numbers from 0 on were expected")
      }
      if pads != [0, 0, 0, 0] {
        window.padding = .explicit(top: pads[0], bottom: pads[2], left: pads[1], right: pads[3])
      }
    case "VALID": window.padding = .valid
    case "SAME_UPPER": window.padding = .same
    case "SAME_LOWER":
      // As `same`, but with the odd pixel at the top and left.
      window.padding = .same
      let margins = window.margins(for: Size2D(height: input[1], width: input[2]))
      window.padding = .explicit(
        top: margins.bottom, bottom: margins.top, left: margins.right, right: margins.left)
    case let other: throw ONNXRefusal("its option auto_pad is “\(other)”, which the standard does not know")
    }
    return window
  }

  private func pair(_ option: String) throws -> Size2D {
    guard let values = try integers(option) else { return 1 }
    guard values.count == 2 else { throw ONNXRefusal("its option \(option) is \(values); only two axes are supported") }
    return Size2D(height: values[0], width: values[1])
  }
}
