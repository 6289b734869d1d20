import GraftGraph
import GraftTensors

extension UpSampling2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add(
      "UpSampling2D", inputs, shape: shape.channelsLast,
      ["size": .size(factors), "interpolation": .text(interpolation.rawValue), "data_format": "channels_last"])
  }
}

extension Resize: KerasExportable {
  /// Keras's own resizing is between pixels' centres, and knows the two sizes only.
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let input = inputs[0]
    let axes = [(input.shape[0], shape[1]), (input.shape[1], shape[2])]
    guard isBetweenSizes(axes) else { throw Inexpressible("Keras has no enlargement by a factor that leaves a rest") }
    switch interpolation {
    case .linear:
      guard axes.allSatisfy({ isBetweenCentres($0) }) else {
        throw Inexpressible("Keras resizes between pixels' centres only, and not by “\(coordinates.rawValue)”")
      }
    case .nearest(let rounding):
      guard axes.allSatisfy({ takesKerasElements($0, rounding) }) else {
        throw Inexpressible("Keras would take other pixels than “\(coordinates.rawValue)” does")
      }
    }
    return builder.add(
      "Resizing", inputs, shape: shape.channelsLast,
      [
        "height": .integer(shape[1]), "width": .integer(shape[2]),
        "interpolation": interpolation == .linear ? "bilinear" : "nearest",
      ])
  }

  /// Whether the scale is that between the sizes.
  private func isBetweenSizes(_ axes: [(before: Int, after: Int)]) -> Bool {
    guard case .factors(let height, let width) = target else { return true }
    return zip(axes, [height, width]).allSatisfy { axis, factor in Double(axis.before) * factor == Double(axis.after) }
  }

  private func isBetweenCentres(_ axis: (before: Int, after: Int)) -> Bool {
    if axis.before == axis.after { return true }
    return switch coordinates {
    case .halfPixel: true
    case .pytorchHalfPixel: axis.after > 1
    case .asymmetric, .alignCorners: false
    }
  }

  /// Whether each element of the output is the one of the input that TensorFlow takes: ⌊(x′ + ½) · before / after⌋.
  private func takesKerasElements(_ axis: (before: Int, after: Int), _ rounding: Rounding) -> Bool {
    let scale = Double(axis.before) / Double(axis.after)
    return (0..<axis.after).allSatisfy { element in
      let theirs = min(Int((Double(element) + 0.5) * scale), axis.before - 1)
      return min(max(nearest(element, axis, scale, rounding), 0), axis.before - 1) == theirs
    }
  }

  private func nearest(
    _ element: Int, _ axis: (before: Int, after: Int), _ scale: Double, _ rounding: Rounding
  ) -> Int {
    let position: Double =
      switch coordinates {
      case .halfPixel: (Double(element) + 0.5) * scale - 0.5
      case .pytorchHalfPixel: axis.after > 1 ? (Double(element) + 0.5) * scale - 0.5 : 0
      case .asymmetric: Double(element) * scale
      case .alignCorners:
        axis.after > 1 ? Double(element) * Double(axis.before - 1) / Double(axis.after - 1) : 0
      }
    return switch rounding {
    case .halfDown: Int((position - 0.5).rounded(.up))
    case .halfUp: Int((position + 0.5).rounded(.down))
    case .down: Int(position.rounded(.down))
    case .up: Int(position.rounded(.up))
    }
  }
}
