import GraftTensors

/// How a feature map becomes a vector.
public enum FeaturePooling: String, Hashable, Sendable, Codable, CaseIterable {
  /// Mean over all positions.
  case avg
  /// Greatest value over all positions.
  case max
  /// All positions, in the order of the weights' framework.
  case flatten
  /// The feature map as it is.
  case none
}

/// A linear classifier on pooled features: pooling, dropout, dense, softmax.
public struct ClassifierHead: Hashable, Sendable, Codable {
  public var classes: Int
  public var pooling: FeaturePooling
  public var dropout: Float

  public init(classes: Int, pooling: FeaturePooling = .avg, dropout: Float = 0) {
    self.classes = classes
    self.pooling = pooling
    self.dropout = dropout
  }
}

extension LayerGraph {
  /// Names of the layers that `attach` adds.
  public enum HeadLayer {
    public static let pooling = "head_pool"
    public static let dropout = "head_dropout"
    public static let dense = "head_dense"
    public static let probabilities = "head_softmax"
  }

  /// The network with a pooling on its output; the output itself where it is a vector already.
  ///
  /// - Parameter order: in which a flattening reads the feature map.
  public func pooled(
    _ pooling: FeaturePooling, as name: String = HeadLayer.pooling, order: Flatten.Order = .channelsLast
  ) throws(GraphError) -> LayerGraph {
    guard let output, output.shape.rank == 3 else { return self }
    var graph = self
    switch pooling {
    case .avg: try graph.add(GlobalAveragePooling2D(name), after: outputs)
    case .max: try graph.add(GlobalMaxPooling2D(name), after: outputs)
    case .flatten: try graph.add(Flatten(name, order: order), after: outputs)
    case .none: return self
    }
    try graph.setOutputs([name])
    return graph
  }

  /// The network with a new classifier on its output.
  ///
  /// - Returns: the graph, whose output are the probabilities, and the names of the layers added.
  public func attaching(_ head: ClassifierHead) throws(GraphError) -> LayerGraph {
    var graph = try pooled(head.pooling == .none ? .flatten : head.pooling)
    if head.dropout > 0 {
      try graph.add(Dropout(HeadLayer.dropout, rate: head.dropout), after: graph.outputs)
      try graph.setOutputs([HeadLayer.dropout])
    }
    try graph.add(Dense(HeadLayer.dense, units: head.classes, startsSmall: true), after: graph.outputs)
    try graph.add(Activation(HeadLayer.probabilities, .softmax), after: [HeadLayer.dense])
    try graph.setOutputs([HeadLayer.probabilities])
    return graph
  }
}
