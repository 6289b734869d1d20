import CDNNL
import GraftGraph
import GraftTensors

extension Reduction: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try lowering.reduced(inputs[0], operation, over: axes.map { $0 + 1 }.sorted(), to: node.shape, layer: name)
      .ifNeeded(by: node)
  }
}

extension Lowering {
  /// The elements along some axes drawn together, by poolings: oneDNN's own reductions are slow, and have no way back.
  ///
  /// - Parameters:
  ///   - axes: in order; 0 is the images.
  ///   - shape: of the result, with 1 for each axis or without them.
  func reduced(
    _ input: Memory, _ operation: Reduction.Operation, over axes: [Int], to shape: Shape, layer: String
  ) throws -> LoweredNode {
    let count = axes.map { input.shape[$0] }.reduce(1, *)
    switch operation {
    case .mean: return try pooled(input, dnnl_pooling_avg_exclude_padding, over: axes, to: shape, layer: layer)
    case .max: return try pooled(input, dnnl_pooling_max, over: axes, to: shape, layer: layer)
    case .sum:
      let mean = try pooled(input, dnnl_pooling_avg_exclude_padding, over: axes, to: shape, layer: layer)
      return try mean.followed(by: apply([.affine(Float(count))], to: mean.output, layer: layer))
    case .min:
      let negated = try apply([.affine(-1)], to: input, layer: layer)
      let greatest = try pooled(negated.output, dnnl_pooling_max, over: axes, to: shape, layer: layer)
      return try negated.followed(by: greatest)
        .followed(by: apply([.affine(-1)], to: greatest.output, layer: layer))
    }
  }

  /// A pooling whose window is all of the given axes.
  private func pooled(
    _ input: Memory, _ algorithm: dnnl_alg_kind_t, over axes: [Int], to shape: Shape, layer: String
  ) throws -> LoweredNode {
    guard input.shape.rank == 4, axes.allSatisfy([2, 3].contains) else {
      return try pooledInRows(input, algorithm, over: axes, to: shape, layer: layer)
    }
    let size = Size2D(
      height: axes.contains(2) ? input.shape[2] : 1, width: axes.contains(3) ? input.shape[3] : 1)
    let remainder: Shape = [
      input.shape[0], input.shape[1], input.shape[2] / size.height, input.shape[3] / size.width,
    ]
    let pooled = try pool(input, algorithm, Window2D(size: size), to: remainder, layer: layer)
    return try pooled.reshaped(to: shape, layer: layer, in: self)
  }

  /// The axes brought together as the rows of one-channel pictures, `[kept, 1, 1, reduced]`.
  private func pooledInRows(
    _ input: Memory, _ algorithm: dnnl_alg_kind_t, over axes: [Int], to shape: Shape, layer: String
  ) throws -> LoweredNode {
    let order = input.shape.dimensions.indices.filter { !axes.contains($0) } + axes
    let count = axes.map { input.shape[$0] }.reduce(1, *)
    let rows: Shape = [input.shape.count / count, 1, 1, count]
    let stored = Shape(order.map { input.shape[$0] }).rowMajorStrides
    var strides = stored
    for (place, axis) in order.enumerated() { strides[axis] = stored[place] }
    let layout = try MemoryDescriptor.strided(input.shape, strides: strides)

    let pictures = try reorder(input, to: layout, layer: layer).viewed(as: .rowMajor(rows))
    let pooled = try pool(
      pictures, algorithm, Window2D(size: Size2D(height: 1, width: count)), to: [rows[0], 1, 1, 1], layer: layer)
    let result = try pooled.reshaped(to: shape, layer: layer, in: self)
    return LoweredNode(output: result.output) { gradient in
      guard let ofRows = try result.backward?(gradient).first ?? nil else { return [nil] }
      return [try self.reorder(ofRows, to: .rowMajor(rows), layer: layer).viewed(as: layout)]
    }
  }
}

extension LoweredNode {
  /// The same elements, row by row, in another shape.
  func reshaped(to shape: Shape, layer: String, in lowering: Lowering) throws -> LoweredNode {
    guard shape != output.shape else { return self }
    let own = output.shape
    return LoweredNode(output: try lowering.reshape(output, to: shape, layer: layer)) { gradient in
      try backward?(lowering.reshape(gradient, to: own, layer: layer)) ?? [nil]
    }
  }
}
