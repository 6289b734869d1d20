import GraftTensors

extension LayerGraph {
  /// The node that joins several heads' outputs in `logits`.
  public static let joinedHeads = "heads"

  /// The network up to what its heads' last layers are applied to: what losses are of. Of several heads, side by side in one
  /// vector, in their order.
  ///
  /// The last layers are a softmax for classes, a sigmoid for labels, and for numbers the scaling to their units, if any.
  ///
  /// - Parameter tasks: one for each output.
  /// - Throws: `GraphError.noSoftmax`, `.noSigmoid` where an output is not what its task ends with.
  public func logits(for tasks: [PredictionTask]) throws(GraphError) -> LayerGraph {
    var graph = self
    var ends: [String] = []
    for (name, task) in zip(outputs, tasks) {
      let output = try node(name)
      switch (task, output.layer) {
      case (.classification, let layer as Activation) where layer.function == .softmax: ends += output.inputs
      case (.multiLabel, let layer as Activation) where layer.function == .sigmoid: ends += output.inputs
      case (.classification, var layer as Dense) where layer.activation == .softmax,
        (.multiLabel, var layer as Dense) where layer.activation == .sigmoid:
        layer.activation = .linear
        graph = try graph.rebuilt { $0.name == name ? layer : $0.layer }
        ends.append(name)
      case (.classification, _): throw .noSoftmax(output: name)
      case (.multiLabel, _): throw .noSigmoid(output: name)
      case (.regression, is Normalization): ends += output.inputs
      case (.regression, _): ends.append(name)
      }
    }
    graph = try graph.cut(at: ends)
    guard ends.count > 1 else { return graph }
    try graph.add(Concatenate(Self.joinedHeads), after: ends)
    try graph.setOutputs([Self.joinedHeads])
    return graph
  }

  /// The network up to what its final softmax is applied to; itself where it has several outputs.
  public func withoutFinalSoftmax() throws(GraphError) -> LayerGraph {
    guard let output, outputs.count == 1 else { return self }
    return try logits(for: [.classification(classes: (0..<output.shape.count).map(String.init))])
  }
}
