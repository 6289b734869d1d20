import GraftTensors

extension LayerGraph {
  /// The network up to the last feature map that its classifier judges: what another classifier can be put on.
  ///
  /// Files do not say where a network ends and its classifier begins. It is taken to be everything after the last feature
  /// map: pooling or flattening, dense layers, softmax. Where no dense layer follows the map, a last 1×1 convolution is
  /// the classifier, as in SqueezeNet and MobileNet. A network that ends with a feature map has no classifier.
  ///
  /// - Returns: the network itself where it has no classifier.
  /// - Throws: `GraphError.noFeatureMap` where the end does not hang on a single feature map.
  public func withoutClassifier() throws(GraphError) -> LayerGraph {
    guard let output, outputs.count == 1, let input = inputs.first, inputs.count == 1 else {
      throw .noFeatureMap(outputs: outputs)
    }
    if output.shape.rank == 3, !isPosition(output.shape) { return self }
    guard let (map, dense) = lastFeatureMap(before: output), map.name != input.name else {
      throw .noFeatureMap(outputs: outputs)
    }
    guard !dense, let classifier = classifyingConvolution(above: map), let feed = classifier.inputs.first else {
      return try cut(at: [poolingInput(map).name])
    }
    return try cut(at: [poolingInput(try node(feed)).name])
  }

  /// The nearest feature map above the output of which everything else at the end is made, and whether a dense layer lies
  /// between.
  private func lastFeatureMap(before output: Node) -> (map: Node, dense: Bool)? {
    var tail: Set<String> = [output.name]
    var dense = false
    // Every path from the output must come to the same map.
    for node in nodes.reversed() where tail.contains(node.name) {
      if node.shape.rank == 3, tail.count == 1 { return (node, dense) }
      if node.shape.rank == 3, !isPosition(node.shape) { return nil }
      dense = dense || node.layer is Dense
      tail.remove(node.name)
      tail.formUnion(node.inputs)
    }
    return nil
  }

  /// The 1×1 convolution that gives the scores, where `map` is made of it by nothing but activation and pooling.
  private func classifyingConvolution(above map: Node) -> Node? {
    var node = map
    while !(node.layer is InputLayer) {
      if let convolution = node.layer as? Conv2D { return convolution.window.size == 1 ? node : nil }
      guard node.layer is Activation || isPooling(node), let feed = node.inputs.first.flatMap({ self[$0] }) else {
        return nil
      }
      node = feed
    }
    return nil
  }

  /// What a feature map of one position, or one with dropout, was made of: the head does its own pooling and dropout.
  private func poolingInput(_ map: Node) -> Node {
    var node = map
    while isPooling(node), let feed = node.inputs.first.flatMap({ self[$0] }), feed.shape.rank == 3 { node = feed }
    return node
  }

  private func isPooling(_ node: Node) -> Bool {
    switch node.layer {
    case is Dropout, is SpatialDropout2D, is GlobalAveragePooling2D, is GlobalMaxPooling2D: true
    // Over all positions, or of a single one.
    case is AveragePooling2D, is Reshape: isPosition(node.shape)
    default: false
    }
  }

  /// Whether a feature map has one position, so that it is a vector in disguise.
  private func isPosition(_ shape: Shape) -> Bool { shape.rank == 3 && shape[1] == 1 && shape[2] == 1 }
}
