import GraftFormats
import GraftGraph
import GraftTensors

extension Flatten: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let source = builder.reordered(inputs[0], order)
    builder.finish("Flatten", [source], ["axis": .integer(1)])
  }
}

extension Reshape: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    // A batch of any size: 0 copies the dimension.
    guard order == .channelsLast, shape.rank > 1 else {
      let source = builder.reordered(inputs[0], order)
      return builder.finish("Reshape", [source, builder.integers([0] + shape.dimensions)])
    }
    let source = builder.reordered(inputs[0], order)
    let target = [0] + shape.dimensions.dropFirst() + [shape[0]]
    let reshaped = builder.add("Reshape", [source, builder.integers(target)])
    builder.finish(
      "Transpose", [reshaped], ["perm": .integers([0, shape.rank] + Array(1..<shape.rank))])
  }
}

extension Permute: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finish("Transpose", [inputs[0].name], ["perm": .integers([0] + axes.map { $0 + 1 })])
  }
}

extension Concatenate: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finish("Concat", inputs.map(\.name), ["axis": .integer(axis + 1)])
  }
}

extension Constant: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    // One for the whole batch.
    builder.finish("Identity", [try builder.parameter(.value, shape: shape.batched(1))])
  }
}

extension ZeroPadding2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishPad(inputs[0], before: [0, top, left], after: [0, bottom, right], mode: .constant(0))
  }
}

extension ChannelPadding: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishPad(inputs[0], before: [before, 0, 0], after: [after, 0, 0], mode: .constant(0))
  }
}

extension Pad: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishPad(inputs[0], before: before, after: after, mode: mode)
  }
}

extension Cropping2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let shape = inputs[0].shape
    builder.finishSlice(
      inputs[0], axes: [1, 2], begin: [top, left], end: [shape[1] - bottom, shape[2] - right], steps: [1, 1])
  }
}

extension StridedSlice2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let shape = inputs[0].shape
    builder.finishSlice(
      inputs[0], axes: [1, 2], begin: [0, 0], end: [shape[1], shape[2]], steps: [strides.height, strides.width])
  }
}

extension Slice: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishSlice(inputs[0], axes: [axis], begin: [begin], end: [end], steps: [step])
  }
}

extension UpSampling2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let scales = builder.numbers([1, 1, Float(factors.height), Float(factors.width)], shape: [4])
    let options: [String: ONNXAttribute] =
      switch interpolation {
      case .nearest:
        [
          "mode": .text("nearest"), "coordinate_transformation_mode": .text("asymmetric"),
          "nearest_mode": .text("floor"),
        ]
      case .bilinear: ["mode": .text("linear"), "coordinate_transformation_mode": .text("half_pixel")]
      }
    builder.finish("Resize", [inputs[0].name, "", scales], options)
  }
}

extension Resize: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let modes: [Coordinates: String] = [
      .halfPixel: "half_pixel", .pytorchHalfPixel: "pytorch_half_pixel", .asymmetric: "asymmetric",
      .alignCorners: "align_corners",
    ]
    var options: [String: ONNXAttribute] = ["coordinate_transformation_mode": .text(modes[coordinates] ?? "")]
    switch interpolation {
    case .linear: options["mode"] = .text("linear")
    case .nearest(let rounding):
      let names: [Rounding: String] = [
        .halfDown: "round_prefer_floor", .halfUp: "round_prefer_ceil", .down: "floor", .up: "ceil",
      ]
      options["mode"] = .text("nearest")
      options["nearest_mode"] = .text(names[rounding] ?? "")
    }
    switch target {
    case .factors(let height, let width):
      let scales = builder.numbers([1, 1, Float(height), Float(width)], shape: [4])
      builder.finish("Resize", [inputs[0].name, "", scales], options)
    case .size(let size):
      // Sizes would have to include the batch, which may be any; factors give the same sizes and coordinates.
      let shape = inputs[0].shape
      let scales = builder.numbers(
        [1, 1, Float(size.height) / Float(shape[1]), Float(size.width) / Float(shape[2])], shape: [4])
      builder.finish("Resize", [inputs[0].name, "", scales], options)
    }
  }
}

extension ONNXBuilder {
  /// The value in the order in which a flattening or reshaping reads it.
  fileprivate mutating func reordered(_ value: Value, _ order: Flatten.Order) -> String {
    guard order == .channelsLast, value.shape.rank > 1 else { return value.name }
    return add("Transpose", [value.name], ["perm": .integers([0] + Array(2...value.shape.rank) + [1])])
  }

  fileprivate mutating func finishPad(_ value: Value, before: [Int], after: [Int], mode: Pad.Mode) {
    var operands = [value.name, integers([0] + before + [0] + after)]
    let name: String
    switch mode {
    case .constant(let number):
      name = "constant"
      operands.append(constant(number))
    case .reflect: name = "reflect"
    case .edge: name = "edge"
    }
    finish("Pad", operands, ["mode": .text(name)])
  }

  fileprivate mutating func finishSlice(_ value: Value, axes: [Int], begin: [Int], end: [Int], steps: [Int]) {
    finish("Slice", [value.name, integers(begin), integers(end), integers(axes.map { $0 + 1 }), integers(steps)])
  }
}
