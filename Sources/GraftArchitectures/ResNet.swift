import GraftGraph
import GraftTensors

// He et al., "Deep Residual Learning for Image Recognition", arXiv:1512.03385, table 1, as keras.applications has it:
// convolutions with biases, the stride on the first 1×1 of a block, explicit padding before the stem.

extension Architecture {
  public static let resnet50 = resnet(layers: 50, blocks: [3, 4, 6, 3], variants: [.resnet50Keras1])
  public static let resnet101 = resnet(layers: 101, blocks: [3, 4, 23, 3])
  public static let resnet152 = resnet(layers: 152, blocks: [3, 8, 36, 3])

  private static func resnet(layers: Int, blocks: [Int], variants: [Architecture] = []) -> Architecture {
    Architecture(
      name: "resnet\(layers)", title: "ResNet-\(layers)", source: "arXiv:1512.03385; names as in keras.applications",
      defaultInputSize: 224, minimumInputSize: 32, variants: variants
    ) { size, classes in
      var network = ResidualNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
      try network.addStem(normalizes: true)
      for (stage, (filters, blocks)) in zip(2..., zip([64, 128, 256, 512], blocks)) {
        network.graph.beginStage("conv\(stage)")
        for block in 1...blocks {
          try network.addBlock(
            "conv\(stage)_block\(block)", filters: filters, strides: block == 1 && stage > 2 ? 2 : 1,
            projects: block == 1)
        }
      }  // at 224: [2048, 7, 7]
      try network.graph.addPooledClassifier(classes)
      return network.graph
    }
  }
}

/// A ResNet under construction: names and options that both versions of keras.applications share.
struct ResidualNetwork {
  var graph: LayerGraph

  static let epsilon: Float = 1.001e-5

  /// 7×7 convolution and 3×3 max pooling, each with stride 2 and its padding as a layer of its own.
  mutating func addStem(normalizes: Bool) throws(GraphError) {
    graph.beginStage("conv1")
    try graph.add(ZeroPadding2D("conv1_pad", top: 3, bottom: 3, left: 3, right: 3))
    try graph.add(Conv2D("conv1_conv", filters: 64, kernel: 7, strides: 2))
    if normalizes {
      try addNormalization("conv1_bn")
      try graph.add(Activation("conv1_relu", .relu))
    }
    try graph.add(ZeroPadding2D("pool1_pad", top: 1, bottom: 1, left: 1, right: 1))
    try graph.add(MaxPooling2D("pool1_pool", size: 3, strides: 2))
  }

  @discardableResult
  mutating func addNormalization(_ name: String, after inputs: [String] = []) throws(GraphError) -> String {
    try graph.add(BatchNormalization(name, epsilon: Self.epsilon), after: inputs)
  }

  /// A bottleneck: 1×1, 3×3, 1×1 with four times the filters, and the input added.
  ///
  /// - Parameter projects: whether the shortcut is a convolution, to change its shape.
  fileprivate mutating func addBlock(
    _ name: String, filters: Int, strides: Size2D, projects: Bool
  ) throws(GraphError) {
    let input = graph.outputs[0]
    var shortcut = input
    if projects {
      try graph.add(
        Conv2D("\(name)_0_conv", filters: 4 * filters, kernel: 1, strides: strides), after: [input])
      shortcut = try addNormalization("\(name)_0_bn")
    }
    try graph.add(Conv2D("\(name)_1_conv", filters: filters, kernel: 1, strides: strides), after: [input])
    try addNormalization("\(name)_1_bn")
    try graph.add(Activation("\(name)_1_relu", .relu))
    try graph.add(Conv2D("\(name)_2_conv", filters: filters, kernel: 3, padding: .same))
    try addNormalization("\(name)_2_bn")
    try graph.add(Activation("\(name)_2_relu", .relu))
    try graph.add(Conv2D("\(name)_3_conv", filters: 4 * filters, kernel: 1))
    let residual = try addNormalization("\(name)_3_bn")
    try graph.add(Add("\(name)_add"), after: [shortcut, residual])
    try graph.add(Activation("\(name)_out", .relu))
  }
}

extension LayerGraph {
  /// What ends most networks of keras.applications: global average pooling and a dense layer with softmax.
  mutating func addPooledClassifier(_ classes: Int?) throws(GraphError) {
    beginStage(nil)
    guard let classes else { return }
    try add(GlobalAveragePooling2D("avg_pool"))
    try add(Dense("predictions", units: classes, activation: .softmax))
  }
}
