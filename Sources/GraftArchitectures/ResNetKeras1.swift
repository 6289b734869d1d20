import GraftGraph
import GraftTensors

// ResNet-50 as keras.applications had it until 2019 and the weights of 2015 were converted for it (release v0.2 of
// fchollet/deep-learning-models). Its file bears the name of the present one's. It differs in three things: the layers'
// names, epsilon (1e-3), and a max pooling after the stem that has no padding.

extension Architecture {
  static let resnet50Keras1 = Architecture(
    name: "resnet50", title: "ResNet-50 of Keras 1", source: "arXiv:1512.03385; names as in keras.applications of 2017",
    defaultInputSize: 224, minimumInputSize: 32
  ) { size, classes in
    var network = EarlyResidualNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
    try network.addStem()
    for (stage, (filters, blocks)) in zip(2..., zip([64, 128, 256, 512], [3, 4, 6, 3])) {
      network.graph.beginStage("conv\(stage)")
      for (index, letter) in "abcdef".prefix(blocks).enumerated() {
        try network.addBlock(
          "\(stage)\(letter)", filters: filters, strides: index == 0 && stage > 2 ? 2 : 1, projects: index == 0)
      }
    }  // at 224: [2048, 7, 7]
    network.graph.beginStage(nil)
    if let classes {
      // A window of 7×7 at 224, all there is; this lets other sizes in.
      try network.graph.add(GlobalAveragePooling2D("avg_pool"))
      try network.graph.add(Dense("fc\(classes)", units: classes, activation: .softmax))
    }
    return network.graph
  }
}

private struct EarlyResidualNetwork {
  var graph: LayerGraph
  private var activations = 0
  private var additions = 0

  init(graph: LayerGraph) {
    self.graph = graph
  }

  mutating func addStem() throws(GraphError) {
    graph.beginStage("conv1")
    try graph.add(ZeroPadding2D("zero_padding2d_1", top: 3, bottom: 3, left: 3, right: 3))
    try graph.add(Conv2D("conv1", filters: 64, kernel: 7, strides: 2))
    try graph.add(BatchNormalization("bn_conv1", epsilon: 1e-3))
    try addActivation()
    try graph.add(MaxPooling2D("max_pooling2d_1", size: 3, strides: 2))
  }

  /// A bottleneck, as in the present network.
  ///
  /// - Parameter block: the stage's number and the block's letter: `2a`.
  mutating func addBlock(_ block: String, filters: Int, strides: Size2D, projects: Bool) throws(GraphError) {
    let input = graph.outputs[0]
    try addConvolution("\(block)_branch2a", filters: filters, strides: strides, after: [input])
    try addActivation()
    try addConvolution("\(block)_branch2b", filters: filters, kernel: 3)
    try addActivation()
    let residual = try addConvolution("\(block)_branch2c", filters: 4 * filters)
    let shortcut =
      projects
      ? try addConvolution("\(block)_branch1", filters: 4 * filters, strides: strides, after: [input]) : input
    additions += 1
    try graph.add(Add("add_\(additions)"), after: [residual, shortcut])
    try addActivation()
  }

  @discardableResult
  private mutating func addConvolution(
    _ name: String, filters: Int, kernel: Size2D = 1, strides: Size2D = 1, after inputs: [String] = []
  ) throws(GraphError) -> String {
    try graph.add(
      Conv2D("res\(name)", filters: filters, kernel: kernel, strides: strides, padding: .same), after: inputs)
    return try graph.add(BatchNormalization("bn\(name)", epsilon: 1e-3))
  }

  /// Keras 1 counted from 1.
  private mutating func addActivation() throws(GraphError) {
    activations += 1
    try graph.add(Activation("activation_\(activations)", .relu))
  }
}
