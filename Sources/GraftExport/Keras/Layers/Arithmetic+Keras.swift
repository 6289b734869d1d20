import GraftGraph
import GraftTensors

extension Add: KerasJoining {}
extension Subtract: KerasJoining {}
extension Multiply: KerasJoining {}
extension Maximum: KerasJoining {}
extension Minimum: KerasJoining {}
extension Average: KerasJoining {}

/// A layer that joins its inputs number by number, and that Keras has under the same name.
protocol KerasJoining: KerasExportable {}

extension KerasJoining {
  /// A vector `[C]` beside a feature map counts at every position: `[1, 1, C]`, which Keras is told.
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let operands = inputs.map { input in
      input.shape.count == 1 && shape.rank == 3 ? builder.reshaped(input, [1, 1, input.shape[0]]) : input
    }
    return builder.add(Self.kind, operands, shape: shape.channelsLast)
  }
}

extension Reduction: KerasExportable {
  /// A pooling, of what has its sign changed for a least number, and times the count of elements for a sum.
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let input = inputs[0]
    switch operation {
    case .mean: return pool("Average", input, shape, to: &builder, suffix: nil)
    case .max: return pool("Max", input, shape, to: &builder, suffix: nil)
    case .sum:
      let mean = pool("Average", input, shape, to: &builder, suffix: "pool")
      let count = input.shape.reduce(1, *) / shape.count
      return builder.rescaled(mean, by: Float(count), suffix: nil)
    case .min:
      let negative = builder.rescaled(input, by: -1, suffix: "negative")
      return builder.rescaled(pool("Max", negative, shape, to: &builder, suffix: "pool"), by: -1, suffix: nil)
    }
  }

  /// Over all positions Keras has poolings of its own. For other axes the elements become a feature map with a row for each
  /// number that comes out.
  private func pool(
    _ kind: String, _ input: KerasBuilder.Value, _ shape: Shape, to builder: inout KerasBuilder, suffix: String?
  ) -> KerasBuilder.Value {
    let rank = input.shape.count
    let reduced = axes.map { KerasBuilder.place(of: $0, rank: rank) }.sorted()
    if rank == 3, reduced == [0, 1] {
      return builder.add(
        "Global\(kind)Pooling2D", [input], shape: shape.channelsLast,
        ["data_format": "channels_last", "keepdims": .flag(keepsDimensions)], suffix: suffix)
    }
    // The output is channels last too: the first axis that it has in the graph is its last.
    var kept = (0..<rank).filter { !axes.contains($0) }
    if let first = kept.first, !(keepsDimensions && axes.contains(0)) { kept = kept.dropFirst() + [first] }
    let rows = builder.permuted(input, kept.map { KerasBuilder.place(of: $0, rank: rank) } + reduced)
    let count = rows.shape.reduce(1, *) / shape.count
    let map = builder.reshaped(rows, [shape.count, count, 1], suffix: "rows")
    let pooled = builder.add(
      "\(kind)Pooling2D", [map], shape: [shape.count, 1, 1],
      ["pool_size": .integers([1, count]), "strides": [1, 1], "padding": "valid", "data_format": "channels_last"],
      suffix: "rows_pool")
    return builder.add(
      "Reshape", [pooled], shape: shape.channelsLast, ["target_shape": .integers(shape.channelsLast)], suffix: suffix)
  }
}
