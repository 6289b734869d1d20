import GraftTensors

/// 2-D convolution (a cross-correlation, as in every framework of today): `[C, H, W]` → `[filters, H′, W′]`.
///
/// Source: <https://keras.io/api/layers/convolution_layers/convolution2d/>.
public struct Conv2D: Layer {
  public static let kind = "Conv2D"
  public var name: String
  public var filters: Int
  public var window: Window2D
  /// Input and output channels fall into this many groups, each convolved on its own.
  public var groups: Int
  public var usesBias: Bool
  public var activation: Activation.Function

  public init(
    _ name: String, filters: Int, kernel: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid,
    dilation: Size2D = 1, groups: Int = 1, usesBias: Bool = true, activation: Activation.Function = .linear
  ) {
    self.name = name
    self.filters = filters
    window = Window2D(size: kernel, strides: strides, dilation: dilation, padding: padding)
    self.groups = groups
    self.usesBias = usesBias
    self.activation = activation
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try featureMap(inputs)
    guard groups > 0, input[0] % groups == 0, filters > 0, filters % groups == 0 else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "groups",
        expected: "a divisor of both \(input[0]) input channels and \(filters) filters", found: "\(groups)")
    }
    let size = try slide(window, over: input)
    return [filters, size.height, size.width]
  }

  public func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    let input = try featureMap(inputs)
    let area = [window.size.height, window.size.width].saturatingProduct
    let channels = input[0] / max(groups, 1)
    let kernel = ParameterSpecification(
      layer: name, role: .kernel, shape: [filters, channels, window.size.height, window.size.width],
      initializer: activation.isRectifier
        ? .heNormal(fanIn: [channels, area].saturatingProduct)
        : .glorotUniform(fanIn: [channels, area].saturatingProduct, fanOut: [filters, area].saturatingProduct))
    let bias = ParameterSpecification(layer: name, role: .bias, shape: [filters], initializer: .zeros)
    return usesBias ? [kernel, bias] : [kernel]
  }

  public func multiplyAdds(for inputs: [Shape]) throws(GraphError) -> Int {
    let kernel = try parameters(for: inputs)[0].shape.count
    let output = try outputShape(of: inputs)
    return [kernel, output[1], output[2]].saturatingProduct
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int {
    activation == .linear ? 0 : try outputShape(of: inputs).count
  }
}
