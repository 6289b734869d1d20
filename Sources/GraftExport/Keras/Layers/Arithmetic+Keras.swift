import GraftGraph
import GraftTensors

extension Add: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.addJoining("Add", inputs, shape)
  }
}

extension Subtract: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.addJoining("Subtract", inputs, shape)
  }
}

extension Multiply: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.addJoining("Multiply", inputs, shape)
  }
}

extension Maximum: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.addJoining("Maximum", inputs, shape)
  }
}

extension Minimum: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.addJoining("Minimum", inputs, shape)
  }
}

extension Average: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.addJoining("Average", inputs, shape)
  }
}

extension KerasBuilder {
  /// A vector `[C]` beside a feature map counts at every position: `[1, 1, C]`, which Keras is told.
  fileprivate mutating func addJoining(_ className: String, _ inputs: [Value], _ shape: Shape) -> Value {
    let operands = inputs.map { input in
      input.shape.count == 1 && shape.rank == 3 ? reshaped(input, [1, 1, input.shape[0]]) : input
    }
    return add(className, operands, shape: shape.channelsLast)
  }
}

extension Reduction: KerasExportable {
  /// Poolings: those over all positions, or for other axes one over a feature map with a row for each number that comes out.
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let input = inputs[0]
    let rank = input.shape.count
    // Where each axis of the graph is among Keras's.
    let places = Set(axes.map { $0 == 0 ? rank - 1 : $0 - 1 })
    let count = places.reduce(1) { $0 * input.shape[$1] }
    let source = operation == .min ? builder.rescaled(input, by: -1, suffix: "negative") : input
    let isPooled = operation == .mean || operation == .sum
    var pooled: KerasBuilder.Value
    if rank == 3, places == [0, 1] {
      pooled = builder.add(
        isPooled ? "GlobalAveragePooling2D" : "GlobalMaxPooling2D", [source],
        shape: shape.channelsLast, ["data_format": "channels_last", "keepdims": .flag(keepsDimensions)],
        suffix: operation == .mean || operation == .max ? nil : "pool")
    } else {
      // The output's axes keep the graph's order, the first of them last.
      let kept = (0..<rank).filter { !axes.contains($0) }
      let first = keepsDimensions && axes.contains(0) ? [] : kept.prefix(1)
      let order = (first.isEmpty ? kept : Array(kept.dropFirst() + first)).map { $0 == 0 ? rank - 1 : $0 - 1 }
      let rows = builder.permuted(source, order + places.sorted())
      let map = builder.reshaped(rows, [rows.shape.reduce(1, *) / count, count, 1], suffix: "rows")
      let reduced = builder.add(
        isPooled ? "AveragePooling2D" : "MaxPooling2D", [map], shape: [map.shape[0], 1, 1],
        [
          "pool_size": .integers([1, count]), "strides": [1, 1], "padding": "valid", "data_format": "channels_last",
        ], suffix: "pool")
      pooled = builder.reshaped(reduced, shape.channelsLast, suffix: operation == .mean || operation == .max ? nil : "shape")
    }
    switch operation {
    case .mean, .max: return pooled
    case .sum: return builder.rescaled(pooled, by: Float(count), suffix: nil)
    case .min: return builder.rescaled(pooled, by: -1, suffix: nil)
    }
  }
}
