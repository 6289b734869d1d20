import GraftGraph
import GraftTensors

extension ONNXOperators {
  static let resizings: [String: Converter] = ["Resize": resize, "Upsample": upsample]

  /// Source: <https://onnx.ai/onnx/operators/onnx__Resize.html>.
  private static func resize(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    // Version 10 knew neither coordinates nor sizes.
    if operation.version < 11 { return try upsample(operation, &builder) }
    guard try operation.integer("antialias", default: 0) == 0 else { throw ONNXRefusal("it is antialiased") }
    guard try operation.text("keep_aspect_ratio_policy", default: "stretch") == "stretch" else {
      throw ONNXRefusal("it keeps the aspect ratio of its input")
    }
    let coordinates: Resize.Coordinates
    switch try operation.text("coordinate_transformation_mode", default: "half_pixel") {
    case "half_pixel": coordinates = .halfPixel
    case "pytorch_half_pixel": coordinates = .pytorchHalfPixel
    case "asymmetric": coordinates = .asymmetric
    case "align_corners": coordinates = .alignCorners
    case let other: throw ONNXRefusal("its coordinates “\(other)” are not supported")
    }
    let rounding: Resize.Rounding
    switch try operation.text("nearest_mode", default: "round_prefer_floor") {
    case "round_prefer_floor": rounding = .halfDown
    case "round_prefer_ceil": rounding = .halfUp
    case "floor": rounding = .down
    case "ceil": rounding = .up
    case let other: throw ONNXRefusal("its rounding “\(other)” is unknown to the standard")
    }
    let axes = try operation.integers("axes")
    if let sizes = try operation.extents(3, "its sizes"), !sizes.isEmpty {
      return try resized(operation, &builder, sizes: sizes, axes: axes, coordinates, rounding)
    }
    guard let scales = try operation.constant(2, "its scales")?.floats else {
      throw ONNXRefusal("its scales are missing")
    }
    return try resized(operation, &builder, scales: scales, axes: axes, coordinates, rounding)
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__Upsample.html>.
  private static func upsample(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let scales: [Float]
    if let options = try operation.floats("scales") {
      scales = options
    } else if operation.version < 7 {
      scales = [
        1, 1, try operation.float("height_scale", default: 1), try operation.float("width_scale", default: 1),
      ]
    } else {
      scales = try operation.required(1, "its scales").floats
    }
    return try resized(operation, &builder, scales: scales, axes: nil, .asymmetric, .down)
  }

  private static func resized(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder, scales: [Float], axes: [Int]?,
    _ coordinates: Resize.Coordinates, _ rounding: Resize.Rounding
  ) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let stored = try storedScales(operation, input, scales.map { Double($0) }, axes)
    guard stored[0] == 1 else { throw ONNXRefusal("it resizes along the channels") }
    if coordinates == .alignCorners {
      // Whether the corner is that of the rounded size or of the unrounded one, the standard leaves to its programs.
      for axis in 1...2 where (stored[axis] * Double(input.shape[axis])).truncatingRemainder(dividingBy: 1) != 0 {
        throw ONNXRefusal("its corners are aligned, but its scales give no whole size")
      }
    }
    return try resized(
      operation, &builder, input, .factors(height: stored[1], width: stored[2]), coordinates, rounding)
  }

  private static func resized(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder, sizes: [ONNXExtent], axes: [Int]?,
    _ coordinates: Resize.Coordinates, _ rounding: Resize.Rounding
  ) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let axes = try axes?.map { try ONNXFolding.axis($0, rank: input.seenRank) } ?? Array(0..<input.seenRank)
    guard sizes.count == axes.count, input.shape.rank == 3 else {
      throw ONNXRefusal("its sizes do not suit its input \(input.seenShape)")
    }
    var target = input.shape
    for (axis, size) in zip(axes, sizes) where axis > 0 {
      guard case .number(let number) = size, (1...1 << 20).contains(number) else {
        throw ONNXRefusal("its sizes are not known")
      }
      target[input.axes[axis - 1]] = number
    }
    if let batch = axes.firstIndex(of: 0), ![.batch, .number(builder.batchSize ?? 1)].contains(sizes[batch]) {
      throw ONNXRefusal("it resizes across the images of a batch")
    }
    guard target[0] == input.shape[0] else { throw ONNXRefusal("it resizes along the channels") }
    let size = Size2D(height: target[1], width: target[2])
    return try resized(operation, &builder, input, .size(size), coordinates, rounding)
  }

  /// For each axis of the node the scale.
  private static func storedScales(
    _ operation: ONNXOperation, _ input: ONNXActivation, _ scales: [Double], _ axes: [Int]?
  ) throws -> [Double] {
    let axes = try axes?.map { try ONNXFolding.axis($0, rank: input.seenRank) } ?? Array(0..<input.seenRank)
    guard scales.count == axes.count, input.shape.rank == 3 else {
      throw ONNXRefusal("its scales \(scales) do not suit its input \(input.seenShape)")
    }
    var stored = [1.0, 1, 1]
    for (axis, scale) in zip(axes, scales) {
      guard axis > 0 || scale == 1 else { throw ONNXRefusal("it resizes across the images of a batch") }
      if axis > 0 { stored[input.axes[axis - 1]] = scale }
    }
    return stored
  }

  private static func resized(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder, _ input: ONNXActivation, _ target: Resize.Target,
    _ coordinates: Resize.Coordinates, _ rounding: Resize.Rounding
  ) throws -> [ONNXOperand] {
    let interpolation: Resize.Interpolation
    switch try operation.text("mode", default: "nearest") {
    case "nearest": interpolation = .nearest(rounding)
    case "linear", "bilinear": interpolation = .linear
    case let other: throw ONNXRefusal("its interpolation “\(other)” is not supported")
    }
    if let factors = wholeFactors(target, of: input.shape) {
      if factors == 1 { return [.activation(input)] }
      // Where every element simply becomes a block.
      let isPlain =
        interpolation == .nearest(.down) && coordinates == .asymmetric
        || coordinates == .halfPixel && [.nearest(.halfDown), .nearest(.halfUp)].contains(interpolation)
      if isPlain || coordinates == .halfPixel && interpolation == .linear {
        let layer = UpSampling2D(
          operation.name, factors: factors, interpolation: isPlain ? .nearest : .bilinear)
        return [.activation(try builder.addElementwise(layer, after: input))]
      }
    }
    let layer = Resize(operation.name, to: target, interpolation: interpolation, coordinates: coordinates)
    return [.activation(try builder.addElementwise(layer, after: input))]
  }

  private static func wholeFactors(_ target: Resize.Target, of shape: Shape) -> Size2D? {
    switch target {
    case .size(let size):
      guard size.height % shape[1] == 0, size.width % shape[2] == 0 else { return nil }
      return Size2D(height: size.height / shape[1], width: size.width / shape[2])
    case .factors(let height, let width):
      guard let vertical = Int(exactly: height), let horizontal = Int(exactly: width), vertical > 0, horizontal > 0
      else { return nil }
      return Size2D(height: vertical, width: horizontal)
    }
  }
}
