import GraftGraph
import GraftTensors

extension Flatten: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add(
      "Flatten", [builder.inReadingOrder(inputs[0], order)], shape: shape.dimensions,
      ["data_format": "channels_last"])
  }
}

extension Reshape: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let source = builder.inReadingOrder(inputs[0], order)
    let target = order == .channelsLast ? shape.channelsLast : shape.dimensions
    let reshaped = builder.add("Reshape", [source], shape: target, ["target_shape": .integers(target)])
    guard order == .channelsFirst, shape.rank > 1 else { return reshaped }
    return builder.permuted(reshaped, Array(1..<shape.rank) + [0], suffix: "channels_last")
  }
}

extension KerasBuilder {
  /// The value with its axes in the order in which a flattening or reshaping reads it.
  fileprivate mutating func inReadingOrder(_ value: Value, _ order: Flatten.Order) -> Value {
    let rank = value.shape.count
    // Where at most one axis is longer than 1, all orders are one.
    guard order == .channelsFirst, rank > 1, value.shape.filter({ $0 > 1 }).count > 1 else { return value }
    return permuted(value, [rank - 1] + Array(0..<rank - 1), suffix: "channels_first")
  }
}

extension Permute: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let places = (axes.count > 1 ? Array(axes.dropFirst()) + [axes[0]] : axes)
      .map { KerasBuilder.place(of: $0, rank: axes.count) }
    return builder.add(
      "Permute", inputs, shape: places.map { inputs[0].shape[$0] }, ["dims": .integers(places.map { $0 + 1 })])
  }
}

extension Concatenate: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add("Concatenate", inputs, shape: shape.channelsLast, ["axis": .integer(axis == 0 ? -1 : axis)])
  }
}

extension KerasBuilder {
  /// Where an axis of the graph is among Keras's, both without the batch.
  static func place(of axis: Int, rank: Int) -> Int { axis == 0 ? rank - 1 : axis - 1 }

  /// The value as a feature map whose width is one of its axes, so that what Keras does to widths can be done to that axis:
  /// `[before, axis, after]`. Nothing moves.
  fileprivate mutating func withWidth(_ value: Value, _ place: Int) -> Value {
    let before = value.shape[..<place].reduce(1, *)
    let after = value.shape[(place + 1)...].reduce(1, *)
    return reshaped(value, [before, value.shape[place], after], suffix: "rows")
  }
}

extension ZeroPadding2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add(
      "ZeroPadding2D", inputs, shape: shape.channelsLast,
      [
        "padding": .margins(Window2D.Margins(top: top, bottom: bottom, left: left, right: right)),
        "data_format": "channels_last",
      ])
  }
}

extension ChannelPadding: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let rows = builder.withWidth(inputs[0], 2)
    let padded = builder.padded(rows, Window2D.Margins(left: before, right: after))
    return builder.reshaped(padded, shape.channelsLast, suffix: nil)
  }
}

extension Pad: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    guard case .constant(let number) = mode else { throw Inexpressible("Keras has no padding but with zeros") }
    // Moving the numbers there and back costs digits, all of them where the padding is to be beyond every number.
    guard abs(number) <= 1e4 else { throw Inexpressible("Keras has no padding with \(number)") }
    var value = number == 0 ? inputs[0] : builder.rescaled(inputs[0], plus: -number, suffix: "shift")
    for axis in before.indices where before[axis] + after[axis] > 0 {
      let place = KerasBuilder.place(of: axis, rank: before.count)
      var padded = value.shape
      padded[place] += before[axis] + after[axis]
      let rows = builder.withWidth(value, place)
      let wider = builder.padded(
        rows, Window2D.Margins(left: before[axis], right: after[axis]), suffix: "pad")
      value = builder.reshaped(wider, padded)
    }
    return number == 0 ? value : builder.rescaled(value, plus: number, suffix: nil)
  }
}

extension Cropping2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add(
      "Cropping2D", inputs, shape: shape.channelsLast,
      [
        "cropping": .margins(Window2D.Margins(top: top, bottom: bottom, left: left, right: right)),
        "data_format": "channels_last",
      ])
  }
}

extension StridedSlice2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.subsampled(inputs[0], strides, suffix: nil)
  }
}

extension Slice: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let place = KerasBuilder.place(of: axis, rank: shape.rank)
    let size = inputs[0].shape[place]
    let rows = builder.withWidth(inputs[0], place)
    let kept = builder.cropped(rows, Window2D.Margins(left: begin, right: size - end))
    let stepped = builder.subsampled(kept, Size2D(height: 1, width: step))
    return builder.reshaped(stepped, shape.channelsLast, suffix: nil)
  }
}
