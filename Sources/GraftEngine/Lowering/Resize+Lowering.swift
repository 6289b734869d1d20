import GraftGraph
import GraftTensors

extension Resize: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    let axes = [2, 3].map { resized($0, from: input.shape, to: node.shape) }
    if interpolation == .linear, axes.allSatisfy({ isBetweenCentres($0) }) {
      return try lowering.resample(input, to: node.shape, .bilinear, layer: name).ifNeeded(by: node)
    }
    if isWholeEnlargement(axes) {
      return try lowering.resample(input, to: node.shape, .nearest, layer: name).ifNeeded(by: node)
    }
    // The axis that shrinks first, so that less is computed for the other.
    let samplings = axes.sorted { $0.scale < $1.scale }.map(sampling)
    return try lowering.sample(input, by: samplings, layer: name).ifNeeded(by: node)
  }

  private func resized(_ axis: Int, from input: Shape, to output: Shape) -> ResizedAxis {
    let scale: Float
    switch target {
    case .size: scale = Float(output[axis]) / Float(input[axis])
    case .factors(let height, let width): scale = Float(axis == 2 ? height : width)
    }
    return ResizedAxis(axis: axis, before: input[axis], after: output[axis], scale: scale)
  }

  /// Whether oneDNN's interpolation, which knows the two sizes only, is the one asked for.
  private func isBetweenCentres(_ axis: ResizedAxis) -> Bool {
    let isHalfPixel = coordinates == .halfPixel || coordinates == .pytorchHalfPixel && axis.after > 1
    return isHalfPixel && axis.scale == Float(axis.after) / Float(axis.before)
  }

  /// Whether each element becomes a block of its own, which oneDNN does on all threads.
  private func isWholeEnlargement(_ axes: [ResizedAxis]) -> Bool {
    let isPlain =
      switch (coordinates, interpolation) {
      case (.asymmetric, .nearest(.down)), (.halfPixel, .nearest(.halfDown)), (.halfPixel, .nearest(.halfUp)): true
      default: false
      }
    return isPlain && axes.allSatisfy { $0.after % $0.before == 0 && $0.scale == Float($0.after / $0.before) }
  }

  private func sampling(_ axis: ResizedAxis) -> AxisSampling {
    let last = axis.before - 1
    let positions = (0..<axis.after).map { position(of: $0, along: axis) }
    switch interpolation {
    case .nearest(let rounding):
      let elements = positions.map { Int(min(max(rounded($0, rounding), 0), Float(last))) }
      return AxisSampling(axis: axis.axis, elements: elements)
    case .linear:
      let within = positions.map { min(max($0, 0), Float(last)) }
      let lower = within.map { Int($0) }
      return AxisSampling(
        axis: axis.axis, lower: lower, upper: lower.map { min($0 + 1, last) },
        fractions: zip(within, lower).map { $0 - Float($1) })
    }
  }

  /// Where an element of the output lies in the input.
  private func position(of element: Int, along axis: ResizedAxis) -> Float {
    let element = Float(element)
    switch coordinates {
    case .halfPixel: return (element + 0.5) / axis.scale - 0.5
    case .pytorchHalfPixel: return axis.after > 1 ? (element + 0.5) / axis.scale - 0.5 : 0
    case .asymmetric: return element / axis.scale
    case .alignCorners: return axis.after > 1 ? element * Float(axis.before - 1) / Float(axis.after - 1) : 0
    }
  }

  private func rounded(_ position: Float, _ rounding: Rounding) -> Float {
    switch rounding {
    case .halfDown where position == position.rounded(.down) + 0.5: position.rounded(.down)
    case .halfDown, .halfUp: position.rounded(.toNearestOrAwayFromZero)
    case .down: position.rounded(.down)
    case .up: position.rounded(.up)
    }
  }
}

/// How many elements an axis of `[N, C, H, W]` has before and after.
private struct ResizedAxis {
  let axis, before, after: Int
  let scale: Float
}
