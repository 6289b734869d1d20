import GraftTensors

/// The greatest value in each window: `[C, H, W]` → `[C, H′, W′]`. Padding never wins.
///
/// Source: <https://keras.io/api/layers/pooling_layers/max_pooling2d/>.
public struct MaxPooling2D: Layer {
  public static let kind = "MaxPooling2D"
  public var name: String
  public var window: Window2D

  /// - Parameter strides: the window's own size where nil, as in Keras.
  public init(
    _ name: String, size: Size2D, strides: Size2D? = nil, dilation: Size2D = 1,
    padding: Window2D.Padding = .valid, rounding: Window2D.Rounding = .down
  ) {
    self.name = name
    window = Window2D(size: size, strides: strides ?? size, dilation: dilation, padding: padding, rounding: rounding)
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try pooledShape(inputs, window)
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int {
    [try outputShape(of: inputs).count, window.size.height, window.size.width].saturatingProduct
  }
}

/// The mean of each window: `[C, H, W]` → `[C, H′, W′]`.
///
/// Source: <https://keras.io/api/layers/pooling_layers/average_pooling2d/>.
public struct AveragePooling2D: Layer {
  public static let kind = "AveragePooling2D"
  public var name: String
  public var window: Window2D
  /// Whether padding counts as zeros, as PyTorch and old ONNX networks have it; Keras averages over the image alone.
  public var countsPadding: Bool

  /// - Parameter strides: the window's own size where nil, as in Keras.
  public init(
    _ name: String, size: Size2D, strides: Size2D? = nil, dilation: Size2D = 1,
    padding: Window2D.Padding = .valid, rounding: Window2D.Rounding = .down, countsPadding: Bool = false
  ) {
    self.name = name
    window = Window2D(size: size, strides: strides ?? size, dilation: dilation, padding: padding, rounding: rounding)
    self.countsPadding = countsPadding
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try pooledShape(inputs, window)
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int {
    [try outputShape(of: inputs).count, window.size.height, window.size.width].saturatingProduct
  }
}

extension Layer {
  fileprivate func pooledShape(_ inputs: [Shape], _ window: Window2D) throws(GraphError) -> Shape {
    let input = try featureMap(inputs)
    let size = try slide(window, over: input)
    let area = Size2D(height: input[1], width: input[2])
    let margins = window.margins(for: area)
    // Otherwise some window would hold nothing but padding, and neither a mean nor a maximum of nothing is a number.
    guard max(margins.top, margins.bottom) < window.span.height, max(margins.left, margins.right) < window.span.width
    else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "padding", expected: "less than its window of \(window.span)",
        found: "\(margins.top), \(margins.bottom), \(margins.left), \(margins.right)")
    }
    guard window.dilation.height <= area.height || margins.top + margins.bottom == 0,
      window.dilation.width <= area.width || margins.left + margins.right == 0
    else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "dilation", expected: "at most its input's \(area), as it is padded",
        found: "\(window.dilation)")
    }
    return [input[0], size.height, size.width]
  }
}
