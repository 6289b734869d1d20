import GraftGraph
import GraftTensors

// Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", arXiv:1610.02357, figure 5, as
// keras.applications has it. Sizes in the comments are those for 299×299 images.

extension Architecture {
  public static let xception = Architecture(
    name: "xception", title: "Xception", source: "arXiv:1610.02357; names as in keras.applications",
    defaultInputSize: 299, minimumInputSize: 71
  ) { size, classes in
    var network = XceptionNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
    try network.addStem()  // 147 × 147 × 64
    // Entry flow; the first block has no ReLU before its first convolution.
    try network.addReduction(2, filters: [128, 128], activatesFirst: false)  // 74 × 74
    try network.addReduction(3, filters: [256, 256])  // 37 × 37
    try network.addReduction(4, filters: [728, 728])  // 19 × 19
    for block in 5...12 { try network.addMiddle(block) }
    // Exit flow.
    try network.addReduction(13, filters: [728, 1024])  // 10 × 10
    try network.addExit()  // 10 × 10 × 2048
    try network.graph.addPooledClassifier(classes)
    return network.graph
  }
}

private struct XceptionNetwork {
  var graph: LayerGraph
  private var shortcuts = 0
  private var additions = 0

  init(graph: LayerGraph) {
    self.graph = graph
  }

  mutating func addStem() throws(GraphError) {
    graph.beginStage("block1")
    for (number, (filters, strides)) in zip(1..., [(32, 2), (64, 1)]) {
      let name = "block1_conv\(number)"
      try graph.add(Conv2D(name, filters: filters, kernel: 3, strides: Size2D(strides), usesBias: false))
      try addNormalization("\(name)_bn")
      try graph.add(Activation("\(name)_act", .relu))
    }
  }

  /// Two separable convolutions and a pooling, beside a convolution of stride 2.
  mutating func addReduction(_ block: Int, filters: [Int], activatesFirst: Bool = true) throws(GraphError) {
    let input = begin(block)
    try graph.add(
      Conv2D(
        numbered("conv2d", shortcuts), filters: filters[1], kernel: 1, strides: 2, padding: .same, usesBias: false),
      after: [input])
    let shortcut = try addNormalization(numbered("batch_normalization", shortcuts))
    shortcuts += 1
    var output = input
    for (number, filters) in zip(1..., filters) {
      output = try addSeparable(
        "block\(block)_sepconv\(number)", filters: filters, activates: number > 1 || activatesFirst, after: output)
    }
    let pooled = try graph.add(
      MaxPooling2D("block\(block)_pool", size: 3, strides: 2, padding: .same), after: [output])
    try addSum([pooled, shortcut])
  }

  /// Three separable convolutions, added to the input.
  mutating func addMiddle(_ block: Int) throws(GraphError) {
    let input = begin(block)
    var output = input
    for number in 1...3 {
      output = try addSeparable("block\(block)_sepconv\(number)", filters: 728, activates: true, after: output)
    }
    try addSum([output, input])
  }

  mutating func addExit() throws(GraphError) {
    var output = begin(14)
    for (number, filters) in zip(1..., [1536, 2048]) {
      let name = "block14_sepconv\(number)"
      try addSeparable(name, filters: filters, activates: false, after: output)
      output = try graph.add(Activation("\(name)_act", .relu))
    }
  }

  private mutating func begin(_ block: Int) -> String {
    graph.beginStage("block\(block)")
    return graph.outputs[0]
  }

  /// ReLU where asked for, separable convolution, normalisation.
  @discardableResult
  private mutating func addSeparable(
    _ name: String, filters: Int, activates: Bool, after input: String
  ) throws(GraphError) -> String {
    let feed = activates ? try graph.add(Activation("\(name)_act", .relu), after: [input]) : input
    try graph.add(
      SeparableConv2D(name, filters: filters, kernel: 3, padding: .same, usesBias: false), after: [feed])
    return try addNormalization("\(name)_bn")
  }

  @discardableResult
  private mutating func addNormalization(_ name: String) throws(GraphError) -> String {
    try graph.add(BatchNormalization(name, epsilon: 1e-3))
  }

  private mutating func addSum(_ inputs: [String]) throws(GraphError) {
    try graph.add(Add(numbered("add", additions)), after: inputs)
    additions += 1
  }

  private func numbered(_ kind: String, _ count: Int) -> String {
    count == 0 ? kind : "\(kind)_\(count)"
  }
}
