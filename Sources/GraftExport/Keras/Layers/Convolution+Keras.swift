import GraftGraph
import GraftTensors

extension Conv2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let kernel = try builder.parameter(.kernel).permuted([2, 3, 1, 0])
    return try builder.addConvolution(
      "Conv2D", inputs[0], window, allowsStrides: window.strides == 1 || window.dilation == 1, channels: filters,
      ["filters": .integer(filters), "groups": .integer(groups), "use_bias": .flag(usesBias)],
      weights: [KerasModel.Weight(name: "kernel", tensor: kernel)] + builder.weights([.bias]), activation)
  }
}

extension DepthwiseConv2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let kernel = try builder.depthwiseKernel(multiplier: multiplier)
    return try builder.addConvolution(
      "DepthwiseConv2D", inputs[0], window, allowsStrides: window.hasPlainStrides, channels: shape[0],
      ["depth_multiplier": .integer(multiplier), "use_bias": .flag(usesBias)],
      weights: [kernel] + builder.weights([.bias]), activation)
  }
}

extension SeparableConv2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let depthwise = try builder.depthwiseKernel(multiplier: multiplier)
    let pointwise = try builder.parameter(.pointwiseKernel).permuted([2, 3, 1, 0])
    return try builder.addConvolution(
      "SeparableConv2D", inputs[0], window, allowsStrides: window.hasPlainStrides, channels: filters,
      ["filters": .integer(filters), "depth_multiplier": .integer(multiplier), "use_bias": .flag(usesBias)],
      weights: [depthwise, KerasModel.Weight(name: "pointwise_kernel", tensor: pointwise)]
        + builder.weights([.bias]), activation)
  }
}

extension Dense: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let kernel = KerasModel.Weight(name: "kernel", tensor: try builder.parameter(.kernel).permuted([1, 0]))
    let dense = try builder.addWeighted(
      "Dense", inputs[0], shape: [units],
      [
        "units": .integer(units), "use_bias": .flag(usesBias),
        "activation": .text(activation.kerasName ?? "linear"),
      ], weights: [kernel] + builder.weights([.bias]))
    return try activation.kerasName == nil ? activation.export(dense, to: &builder, suffix: "activation") : dense
  }
}

extension UnitDense: KerasExportable {
  /// As the dense layer that computes the same.
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let kernel = try plainKernel(builder.parameter(.kernel)).permuted([1, 0])
    return try builder.addWeighted(
      "Dense", inputs[0], shape: [units],
      ["units": .integer(units), "use_bias": false, "activation": "linear"],
      weights: [KerasModel.Weight(name: "kernel", tensor: kernel)])
  }
}

extension Window2D {
  /// TensorFlow's depthwise convolution strides alike in both directions, and not if it is dilated.
  fileprivate var hasPlainStrides: Bool {
    strides.height == strides.width && (strides == 1 || dilation == 1)
  }
}

extension KerasBuilder {
  fileprivate mutating func addConvolution(
    _ className: String, _ input: Value, _ window: Window2D, allowsStrides: Bool, channels: Int,
    _ options: [String: KerasConfiguration], weights: [KerasModel.Weight], _ activation: Activation.Function
  ) throws -> Value {
    let area = Size2D(height: input.shape[0], width: input.shape[1])
    let plan = try KerasWindow(window, over: area, allows: allowsStrides)
    let common: [String: KerasConfiguration] = [
      "kernel_size": .size(window.size), "strides": .size(plan.strides), "padding": .text(plan.padding),
      "dilation_rate": .size(window.dilation), "data_format": "channels_last",
      "activation": .text(activation.kerasName ?? "linear"),
    ]
    let source = padded(input, plan.margins)
    var own = window.roundedDown
    own.strides = plan.strides
    own.padding = plan.padding == "same" ? .same : .valid
    guard let size = own.outputSize(for: Size2D(height: source.shape[0], width: source.shape[1])) else {
      throw Inexpressible("its window is larger than its input")
    }
    let convolved = try addWeighted(
      className, source, shape: [size.height, size.width, channels], options.merging(common) { own, _ in own },
      weights: weights)
    let kept = subsampled(convolved, plan.subsampling)
    return try activation.kerasName == nil ? activation.export(kept, to: &self, suffix: "activation") : kept
  }

  /// `[C · multiplier, 1, H, W]` as Keras has it: `[H, W, C, multiplier]`.
  fileprivate func depthwiseKernel(multiplier: Int) throws -> KerasModel.Weight {
    let kernel = try parameter(.depthwiseKernel)
    let byChannel = kernel.reshaped([kernel.shape[0] / multiplier, multiplier, kernel.shape[2], kernel.shape[3]])
    return KerasModel.Weight(name: "depthwise_kernel", tensor: byChannel.permuted([2, 3, 0, 1]))
  }
}
