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

/// What is put on a backbone for one task: dropout, hidden layers if any, a dense layer, and what the task ends with.
public struct Head: Hashable, Sendable, Codable {
  /// How features become scores.
  public enum Kind: Hashable, Sendable, Codable {
    /// By a dense layer.
    case linear
    /// By the angle to each class's weights: `scale` · cos(x, w), whose lengths count nothing. For few photographs a class, and for
    /// features whose length tells more of the photograph than of what is on it. Gidaris and Komodakis, arXiv:1804.09458.
    case cosine(scale: Float = 10)
  }

  public var task: PredictionTask
  public var kind: Kind
  /// Part of its layers' names where a network has several heads; empty for the only one.
  public var name: String
  /// Share of the features that each step does without.
  public var dropout: Float
  /// Units of the dense layers with ReLU before the last layer.
  public var hidden: [Int]
  /// For numbers: their mean and standard deviation among the training images, so that the network itself learns numbers
  /// around 0. As many as the task has values; nil for numbers as they are.
  public var scaling: ValueScaling?
  /// Whether the head begins with a `Normalization` of what it reads, which changes nothing until it is given numbers.
  ///
  /// The squared error is as steep as features are long: with the same rate a step overshoots on features in the hundreds and hardly
  /// moves on small ones. A softmax's gradient has bounds, and needs none of this.
  public var standardizesFeatures: Bool

  public init(
    _ task: PredictionTask, kind: Kind = .linear, name: String = "", dropout: Float = 0, hidden: [Int] = [],
    scaling: ValueScaling? = nil, standardizesFeatures: Bool = false
  ) {
    self.task = task
    self.kind = kind
    self.name = name
    self.dropout = dropout
    self.hidden = hidden
    self.scaling = scaling
    self.standardizesFeatures = standardizesFeatures
  }

  /// A classifier whose classes are called 0, 1, …
  public init(classes: Int, kind: Kind = .linear, dropout: Float = 0) {
    self.init(.classification(classes: (0..<classes).map(String.init)), kind: kind, dropout: dropout)
  }
}

extension Head {
  /// Heads that were saved before there were kinds are linear.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    task = try container.decode(PredictionTask.self, forKey: .task)
    kind = try container.decodeIfPresent(Kind.self, forKey: .kind) ?? .linear
    name = try container.decode(String.self, forKey: .name)
    dropout = try container.decode(Float.self, forKey: .dropout)
    hidden = try container.decode([Int].self, forKey: .hidden)
    scaling = try container.decodeIfPresent(ValueScaling.self, forKey: .scaling)
    standardizesFeatures = try container.decodeIfPresent(Bool.self, forKey: .standardizesFeatures) ?? false
  }
}

/// What turns numbers around 0 into those of the task: y = x · `deviation` + `mean`, one of each for each value.
public struct ValueScaling: Hashable, Sendable, Codable {
  public var mean, deviation: [Float]

  public init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation
  }
}

extension LayerGraph {
  /// Names of the layers that `attach` adds for the only head.
  public enum HeadLayer {
    public static let pooling = "head_pool"
    /// After `head_`, or `head_NAME_`.
    public static let standardization = "standardize"
    public static let dropout = "head_dropout"
    public static let unit = "head_unit"
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

  /// The network with a new head on its output.
  public func attaching(_ head: Head, pooling: FeaturePooling = .avg) throws(GraphError) -> LayerGraph {
    try attaching([head], pooling: pooling)
  }

  /// The network with new heads on its output, all on the same pooled features.
  ///
  /// Layers are called `head_dropout`, `head_dense` …, or `head_NAME_dense` … where a head has a name. The first hidden layer is
  /// `head_hidden1`.
  ///
  /// - Returns: the graph, whose outputs are what the heads tell, in their order.
  public func attaching(_ heads: [Head], pooling: FeaturePooling = .avg) throws(GraphError) -> LayerGraph {
    var graph = try pooled(pooling == .none ? .flatten : pooling)
    let features = graph.outputs
    var ends: [String] = []
    for head in heads { ends.append(try graph.add(head, after: features)) }
    try graph.setOutputs(ends)
    return graph
  }

  /// - Returns: the name of the head's last layer.
  private mutating func add(_ head: Head, after features: [String]) throws(GraphError) -> String {
    let prefix = head.name.isEmpty ? "head_" : "head_\(head.name)_"
    var end = features
    func add(_ layer: some Layer) throws(GraphError) {
      try self.add(layer, after: end)
      end = [layer.name]
    }
    if head.standardizesFeatures, let width = try end.first.map({ name throws(GraphError) in try node(name).shape[0] })
    {
      try add(
        Normalization(
          prefix + HeadLayer.standardization, mean: [Float](repeating: 0, count: width),
          variance: [Float](repeating: 1, count: width)))
    }
    if head.dropout > 0 { try add(Dropout(prefix + "dropout", rate: head.dropout)) }
    for (index, units) in head.hidden.enumerated() {
      try add(Dense("\(prefix)hidden\(index + 1)", units: units))
      try add(Activation("\(prefix)hidden\(index + 1)_relu", .relu))
    }
    switch head.kind {
    case .linear: try add(Dense(prefix + "dense", units: head.task.names.count, startsSmall: true))
    case .cosine(let scale):
      try add(UnitNormalization(prefix + "unit"))
      try add(UnitDense(prefix + "dense", units: head.task.names.count, scale: scale))
    }
    switch head.task {
    case .classification: try add(Activation(prefix + "softmax", .softmax))
    case .multiLabel: try add(Activation(prefix + "sigmoid", .sigmoid))
    case .regression:
      guard let scaling = head.scaling else { break }
      // x · d + m = (x + m / d) / (1 / d).
      try add(
        Normalization(
          prefix + "scale", mean: zip(scaling.mean, scaling.deviation).map { -$0 / $1 },
          variance: scaling.deviation.map { 1 / ($0 * $0) }))
    }
    return end[0]
  }
}
