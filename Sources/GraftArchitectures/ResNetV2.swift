import GraftGraph
import GraftTensors

// He et al., "Identity Mappings in Deep Residual Networks", arXiv:1603.05027, as keras.applications has it:
// normalisation and ReLU before each convolution, the stride in the last block of a stage.

extension Architecture {
  public static let resnet50V2 = resnetV2(layers: 50, blocks: [3, 4, 6, 3])
  public static let resnet101V2 = resnetV2(layers: 101, blocks: [3, 4, 23, 3])
  public static let resnet152V2 = resnetV2(layers: 152, blocks: [3, 8, 36, 3])

  private static func resnetV2(layers: Int, blocks: [Int]) -> Architecture {
    Architecture(
      name: "resnet\(layers)v2", title: "ResNet-\(layers) V2",
      source: "arXiv:1603.05027; names as in keras.applications", defaultInputSize: 224, minimumInputSize: 32
    ) { size, classes in
      var network = ResidualNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
      try network.addStem(normalizes: false)
      var poolings = 0
      for (stage, (filters, blocks)) in zip(2..., zip([64, 128, 256, 512], blocks)) {
        network.graph.beginStage("conv\(stage)")
        for block in 1...blocks {
          try network.addPreactivatedBlock(
            "conv\(stage)_block\(block)", filters: filters, strides: block == blocks && stage < 5 ? 2 : 1,
            projects: block == 1, poolings: &poolings)
        }
      }
      try network.addNormalization("post_bn")
      try network.graph.add(Activation("post_relu", .relu))  // at 224: [2048, 7, 7]
      try network.graph.addPooledClassifier(classes)
      return network.graph
    }
  }
}

extension ResidualNetwork {
  /// A bottleneck that begins with normalisation and ReLU.
  ///
  /// - Parameter poolings: how many shortcuts were poolings so far; Keras numbers them.
  fileprivate mutating func addPreactivatedBlock(
    _ name: String, filters: Int, strides: Size2D, projects: Bool, poolings: inout Int
  ) throws(GraphError) {
    let input = graph.outputs[0]
    try addNormalization("\(name)_preact_bn", after: [input])
    let activated = try graph.add(Activation("\(name)_preact_relu", .relu))
    var shortcut = input
    if projects {
      shortcut = try graph.add(
        Conv2D("\(name)_0_conv", filters: 4 * filters, kernel: 1, strides: strides), after: [activated])
    } else if strides != 1 {
      shortcut = try graph.add(
        MaxPooling2D(poolings == 0 ? "max_pooling2d" : "max_pooling2d_\(poolings)", size: 1, strides: strides),
        after: [input])
      poolings += 1
    }
    try graph.add(Conv2D("\(name)_1_conv", filters: filters, kernel: 1, usesBias: false), after: [activated])
    try addNormalization("\(name)_1_bn")
    try graph.add(Activation("\(name)_1_relu", .relu))
    try graph.add(ZeroPadding2D("\(name)_2_pad", top: 1, bottom: 1, left: 1, right: 1))
    try graph.add(Conv2D("\(name)_2_conv", filters: filters, kernel: 3, strides: strides, usesBias: false))
    try addNormalization("\(name)_2_bn")
    try graph.add(Activation("\(name)_2_relu", .relu))
    let residual = try graph.add(Conv2D("\(name)_3_conv", filters: 4 * filters, kernel: 1))
    try graph.add(Add("\(name)_out"), after: [shortcut, residual])
  }
}
