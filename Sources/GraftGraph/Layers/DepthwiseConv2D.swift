import GraftTensors

/// A convolution of each channel on its own: `[C, H, W]` → `[C · multiplier, H′, W′]`, all outputs of a channel side by side.
///
/// Source: <https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/>.
public struct DepthwiseConv2D: Layer {
  public static let kind = "DepthwiseConv2D"
  public var name: String
  public var window: Window2D
  /// How many outputs each channel has.
  public var multiplier: Int
  public var usesBias: Bool
  public var activation: Activation.Function

  public init(
    _ name: String, kernel: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid, dilation: Size2D = 1,
    multiplier: Int = 1, usesBias: Bool = true, activation: Activation.Function = .linear
  ) {
    self.name = name
    window = Window2D(size: kernel, strides: strides, dilation: dilation, padding: padding)
    self.multiplier = multiplier
    self.usesBias = usesBias
    self.activation = activation
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try depthwiseShape(inputs, window, multiplier: multiplier)
  }

  public func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    let channels = try outputShape(of: inputs)[0]
    let kernel = depthwiseKernel(channels, window, initializesForRectifier: activation.isRectifier)
    let bias = ParameterSpecification(layer: name, role: .bias, shape: [channels], initializer: .zeros)
    return usesBias ? [kernel, bias] : [kernel]
  }

  public func multiplyAdds(for inputs: [Shape]) throws(GraphError) -> Int {
    [try outputShape(of: inputs).count, window.size.height, window.size.width].saturatingProduct
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int {
    activation == .linear ? 0 : try outputShape(of: inputs).count
  }
}

/// A depthwise convolution and a pointwise one after it: `[C, H, W]` → `[filters, H′, W′]`. The bias and the activation
/// are the pointwise one's.
///
/// Source: Chollet, arXiv:1610.02357; <https://keras.io/api/layers/convolution_layers/separable_convolution2d/>.
public struct SeparableConv2D: Layer {
  public static let kind = "SeparableConv2D"
  public var name: String
  public var filters: Int
  /// The depthwise convolution's.
  public var window: Window2D
  /// How many channels the depthwise convolution makes of each.
  public var multiplier: Int
  public var usesBias: Bool
  public var activation: Activation.Function

  public init(
    _ name: String, filters: Int, kernel: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid,
    dilation: Size2D = 1, multiplier: Int = 1, usesBias: Bool = true, activation: Activation.Function = .linear
  ) {
    self.name = name
    self.filters = filters
    window = Window2D(size: kernel, strides: strides, dilation: dilation, padding: padding)
    self.multiplier = multiplier
    self.usesBias = usesBias
    self.activation = activation
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    guard filters > 0 else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "filters", expected: "at least 1", found: "\(filters)")
    }
    var shape = try depthwiseShape(inputs, window, multiplier: multiplier)
    shape[0] = filters
    return shape
  }

  public func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    let channels = try depthwiseShape(inputs, window, multiplier: multiplier)[0]
    let depthwise = depthwiseKernel(channels, window, initializesForRectifier: false)
    let pointwise = ParameterSpecification(
      layer: name, role: .pointwiseKernel, shape: [filters, channels, 1, 1],
      initializer: activation.isRectifier
        ? .heNormal(fanIn: channels) : .glorotUniform(fanIn: channels, fanOut: filters))
    let bias = ParameterSpecification(layer: name, role: .bias, shape: [filters], initializer: .zeros)
    return usesBias ? [depthwise, pointwise, bias] : [depthwise, pointwise]
  }

  public func multiplyAdds(for inputs: [Shape]) throws(GraphError) -> Int {
    let channels = try depthwiseShape(inputs, window, multiplier: multiplier)[0]
    let output = try outputShape(of: inputs)
    let depthwise = [channels, window.size.height, window.size.width, output[1], output[2]].saturatingProduct
    let pointwise = [channels, filters, output[1], output[2]].saturatingProduct
    return depthwise.addingReportingOverflow(pointwise).overflow ? .max : depthwise + pointwise
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int {
    activation == .linear ? 0 : try outputShape(of: inputs).count
  }
}

extension Layer {
  fileprivate func depthwiseShape(
    _ inputs: [Shape], _ window: Window2D, multiplier: Int
  ) throws(GraphError) -> Shape {
    let input = try featureMap(inputs)
    guard multiplier > 0 else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "multiplier", expected: "at least 1", found: "\(multiplier)")
    }
    let size = try slide(window, over: input)
    return [[input[0], multiplier].saturatingProduct, size.height, size.width]
  }

  fileprivate func depthwiseKernel(
    _ channels: Int, _ window: Window2D, initializesForRectifier: Bool
  ) -> ParameterSpecification {
    let area = [window.size.height, window.size.width].saturatingProduct
    return ParameterSpecification(
      layer: name, role: .depthwiseKernel, shape: [channels, 1, window.size.height, window.size.width],
      initializer: initializesForRectifier ? .heNormal(fanIn: area) : .glorotUniform(fanIn: area, fanOut: area))
  }
}
