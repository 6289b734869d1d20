import GraftGraph
import GraftTensors

extension MaxPooling2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let input = inputs[0]
    if let padding = try builder.plainPadding(window, over: input) {
      return builder.pool("MaxPooling2D", input, window, padding, shape)
    }
    // Zeros win no maximum of numbers from zero on: Keras's own way to pad a pooling. They also fill the last windows.
    if input.isNonNegative {
      let margins = window.filledMargins(over: input.area, to: shape)
      return builder.pool("MaxPooling2D", builder.padded(input, margins), window, "valid", shape)
    }
    return try builder.poolEverywhere("MaxPooling2D", input, window, shape)
  }
}

extension AveragePooling2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    var (input, window) = (inputs[0], self.window)
    if countsPadding {
      // Zeros of the input's own count; what a last window lacks still does not.
      input = builder.padded(input, window.margins(for: input.area))
      window.padding = .valid
    }
    if let padding = try builder.plainPadding(window, over: input) {
      return builder.pool("AveragePooling2D", input, window, padding, shape)
    }
    return try builder.poolEverywhere("AveragePooling2D", input, window, shape)
  }
}

extension GlobalAveragePooling2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add(
      "GlobalAveragePooling2D", inputs, shape: shape.channelsLast,
      ["data_format": "channels_last", "keepdims": .flag(keepsDimensions)])
  }
}

extension GlobalMaxPooling2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add(
      "GlobalMaxPooling2D", inputs, shape: shape.channelsLast,
      ["data_format": "channels_last", "keepdims": .flag(keepsDimensions)])
  }
}

extension KerasBuilder.Value {
  var area: Size2D { Size2D(height: shape[0], width: shape[1]) }
}

extension Window2D {
  /// The padding with as much more at the bottom and right as fills the last windows.
  fileprivate func filledMargins(over area: Size2D, to output: Shape) -> Margins {
    var margins = margins(for: area)
    margins.bottom = max(margins.bottom, (output[1] - 1) * strides.height + size.height - area.height - margins.top)
    margins.right = max(margins.right, (output[2] - 1) * strides.width + size.width - area.width - margins.left)
    return margins
  }
}

extension KerasBuilder {
  /// Keras's word for a window's padding, where there is one.
  fileprivate func plainPadding(_ window: Window2D, over input: Value) throws -> String? {
    guard window.dilation == 1 else { throw Inexpressible("Keras's poolings cannot be dilated") }
    let (area, output) = (input.area, window.outputSize(for: input.area))
    for (padding, word) in [(Window2D.Padding.valid, "valid"), (.same, "same")] {
      var plain = window.roundedDown
      plain.padding = padding
      if plain.margins(for: area) == window.margins(for: area), plain.outputSize(for: area) == output { return word }
    }
    return nil
  }

  fileprivate mutating func pool(
    _ className: String, _ input: Value, _ window: Window2D, _ padding: String, _ shape: Shape
  ) -> Value {
    add(
      className, [input], shape: shape.channelsLast,
      [
        "pool_size": .size(window.size), "strides": .size(window.strides), "padding": .text(padding),
        "data_format": "channels_last",
      ])
  }

  /// A pooling whose padding does not count, by one that takes every position and of which the wanted ones are kept.
  ///
  /// Keras's `same` with a stride of 1 puts half a window, less the middle, before the input and lets neither a maximum
  /// nor a mean see what lies outside.
  fileprivate mutating func poolEverywhere(
    _ className: String, _ input: Value, _ window: Window2D, _ shape: Shape
  ) throws -> Value {
    let margins = window.margins(for: input.area)
    let top = (window.size.height - 1) / 2 - margins.top
    let left = (window.size.width - 1) / 2 - margins.left
    let bottom = input.shape[0] - top - ((shape[1] - 1) * window.strides.height + 1)
    let right = input.shape[1] - left - ((shape[2] - 1) * window.strides.width + 1)
    guard min(top, left, bottom, right) >= 0 else {
      throw Inexpressible("Keras has no such padding of a pooling: \(margins.description)")
    }
    let everywhere = add(
      className, [input], shape: input.shape,
      ["pool_size": .size(window.size), "strides": [1, 1], "padding": "same", "data_format": "channels_last"])
    let kept = cropped(everywhere, Window2D.Margins(top: top, bottom: bottom, left: left, right: right))
    return subsampled(kept, window.strides)
  }
}

extension Window2D.Margins {
  fileprivate var description: String { "\(top), \(bottom), \(left), \(right)" }
}
