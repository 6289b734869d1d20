import GraftGraph
import GraftTensors
import Testing

@Suite struct ClassifierCutTests {
  /// A feature map named “map” of an image, ready for a classifier.
  private static func trunk() throws -> LayerGraph {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    try graph.add(Conv2D("stem", filters: 4, kernel: 3))
    try graph.add(MaxPooling2D("map", size: 2))
    return graph
  }

  private static func cut(_ extend: (inout LayerGraph) throws -> Void) throws -> [String] {
    var graph = try trunk()
    try extend(&graph)
    return try graph.withoutClassifier().outputs
  }

  @Test func `a network that ends with a feature map has no classifier`() throws {
    #expect(try Self.cut { _ in } == ["map"])
  }

  @Test func `dense layers go with the flattening before them`() throws {
    let outputs = try Self.cut { graph in
      try graph.add(Flatten("flatten", order: .channelsLast))
      try graph.add(Dense("fc1", units: 8, activation: .relu))
      try graph.add(Dropout("drop", rate: 0.5))
      try graph.add(Dense("predictions", units: 2, activation: .softmax))
    }
    #expect(outputs == ["map"])
  }

  @Test func `a pooling and the dropout before it go too, for the new head has its own`() throws {
    let outputs = try Self.cut { graph in
      try graph.add(Dropout("drop", rate: 0.5))
      try graph.add(GlobalAveragePooling2D("gap", keepsDimensions: true))
      try graph.add(Flatten("flatten", order: .channelsFirst))
      try graph.add(Dense("logits", units: 2))
    }
    #expect(outputs == ["map"])
  }

  @Test func `a pooled network without a classifier keeps its last convolution`() throws {
    let outputs = try Self.cut { try $0.add(GlobalAveragePooling2D("gap")) }
    #expect(outputs == ["map"])
  }

  @Test func `a last 1×1 convolution is the classifier where no dense layer follows`() throws {
    let squeezeNet = try Self.cut { graph in
      try graph.add(Dropout("drop9", rate: 0.5))
      try graph.add(Conv2D("conv10", filters: 5, kernel: 1, activation: .relu))
      try graph.add(GlobalAveragePooling2D("pool10"))
      try graph.add(Activation("loss", .softmax))
    }
    #expect(squeezeNet == ["map"])
    let mobileNet = try Self.cut { graph in
      try graph.add(GlobalAveragePooling2D("gap", keepsDimensions: true))
      try graph.add(Conv2D("conv_preds", filters: 5, kernel: 1))
      try graph.add(Reshape("reshape_2", shape: [5], order: .channelsLast))
      try graph.add(Activation("act_softmax", .softmax))
    }
    #expect(mobileNet == ["map"])
  }

  @Test func `two branches that end in vectors have no single feature map`() throws {
    #expect(
      throws: GraphError.noFeatureMap(outputs: ["scores"])
    ) {
      try Self.cut { graph in
        let left = try graph.add(GlobalAveragePooling2D("left"), after: ["map"])
        let stem = try graph.add(GlobalMaxPooling2D("right"), after: ["stem"])
        try graph.add(Concatenate("both"), after: [left, stem])
        try graph.add(Dense("scores", units: 2))
      }
    }
  }

  @Test func `a network of dense layers alone has no feature map`() throws {
    var graph = try LayerGraph(input: [1, 4, 4], name: "image")
    try graph.add(Flatten("flatten", order: .channelsLast))
    try graph.add(Dense("scores", units: 2))
    #expect(throws: GraphError.noFeatureMap(outputs: ["scores"])) { try graph.withoutClassifier() }
  }
}
