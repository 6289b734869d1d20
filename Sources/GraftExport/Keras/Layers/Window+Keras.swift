import GraftGraph

/// How Keras is told of a window: what lies around its layer, and the layer's own options.
struct KerasWindow {
  /// Zeros to be put around the input first.
  var margins = Window2D.Margins()
  /// Keras's word: `valid` or `same`.
  var padding = "valid"
  var strides: Size2D
  /// Every so many rows and columns of the output are kept, where the layer itself cannot have the strides.
  var subsampling: Size2D = 1

  /// - Parameter allows: whether Keras's layer takes the strides as they are.
  init(_ window: Window2D, over input: Size2D, allows strides: Bool) throws {
    self.strides = strides ? window.strides : 1
    if !strides { subsampling = window.strides }
    guard window.outputSize(for: input) == window.roundedDown.outputSize(for: input) else {
      throw Inexpressible("its last window is not filled, which Keras leaves out")
    }
    // Where the strides are not the layer's own, `same` would be another padding.
    if window.padding == .same, strides {
      padding = "same"
    } else {
      margins = window.margins(for: input)
    }
  }
}

extension Window2D {
  var roundedDown: Window2D {
    var window = self
    window.rounding = .down
    return window
  }
}

extension Window2D.Margins {
  var isEmpty: Bool { top == 0 && bottom == 0 && left == 0 && right == 0 }
}

extension KerasConfiguration {
  static func size(_ size: Size2D) -> KerasConfiguration { .integers([size.height, size.width]) }

  /// `((top, bottom), (left, right))`.
  static func margins(_ margins: Window2D.Margins) -> KerasConfiguration {
    [.integers([margins.top, margins.bottom]), .integers([margins.left, margins.right])]
  }
}

extension KerasBuilder {
  /// Zeros around a feature map; the feature map itself where there are none.
  mutating func padded(_ value: Value, _ margins: Window2D.Margins, suffix: String? = "pad") -> Value {
    if margins.isEmpty { return value }
    let shape = [
      margins.top + value.shape[0] + margins.bottom, margins.left + value.shape[1] + margins.right, value.shape[2],
    ]
    return add(
      "ZeroPadding2D", [value], shape: shape, ["padding": .margins(margins), "data_format": "channels_last"],
      suffix: suffix)
  }

  mutating func cropped(_ value: Value, _ margins: Window2D.Margins, suffix: String? = "crop") -> Value {
    if margins.isEmpty { return value }
    let shape = [
      value.shape[0] - margins.top - margins.bottom, value.shape[1] - margins.left - margins.right, value.shape[2],
    ]
    return add(
      "Cropping2D", [value], shape: shape, ["cropping": .margins(margins), "data_format": "channels_last"],
      suffix: suffix)
  }

  /// Every so many rows and columns, from the first on: a pooling over windows of one element.
  mutating func subsampled(_ value: Value, _ strides: Size2D, suffix: String? = "stride") -> Value {
    if strides == 1 { return value }
    return add(
      "MaxPooling2D", [value],
      shape: [
        (value.shape[0] - 1) / strides.height + 1, (value.shape[1] - 1) / strides.width + 1, value.shape[2],
      ],
      ["pool_size": [1, 1], "strides": .size(strides), "padding": "valid", "data_format": "channels_last"],
      suffix: suffix)
  }

  mutating func reshaped(_ value: Value, _ shape: [Int], suffix: String? = "reshape") -> Value {
    if shape == value.shape { return value }
    return add("Reshape", [value], shape: shape, ["target_shape": .integers(shape)], suffix: suffix)
  }

  /// - Parameter axes: for each axis of the result, the axis of the value, without the batch, that it is.
  mutating func permuted(_ value: Value, _ axes: [Int], suffix: String? = "permute") -> Value {
    if axes == Array(axes.indices) { return value }
    return add(
      "Permute", [value], shape: axes.map { value.shape[$0] }, ["dims": .integers(axes.map { $0 + 1 })],
      suffix: suffix)
  }

  /// x · `scale` + `offset`.
  mutating func rescaled(_ value: Value, by scale: Float = 1, plus offset: Float = 0, suffix: String?) -> Value {
    add("Rescaling", [value], shape: value.shape, ["scale": .number(scale), "offset": .number(offset)], suffix: suffix)
  }
}
