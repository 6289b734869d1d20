import GraftGraph
import GraftTensors

// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", arXiv:1801.04381, table 2, as
// keras.applications has it.

extension Architecture {
  public static let mobilenetV2 = mobilenetV2(width: 1)

  /// MobileNetV2 with all filters multiplied by `width`: `mobilenetv2-0.35`.
  public static func mobilenetV2(width: Double) -> Architecture {
    Architecture(
      name: width == 1 ? "mobilenetv2" : "mobilenetv2-\(width)", family: "mobilenetv2",
      title: "MobileNetV2" + (width == 1 ? "" : ", width \(width)"),
      source: "arXiv:1801.04381; names as in keras.applications", defaultInputSize: 224, minimumInputSize: 32
    ) { size, classes in
      var network = InvertedResidualNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
      network.graph.beginStage("Conv1")
      try network.graph.add(
        Conv2D("Conv1", filters: divisible(32 * width), kernel: 3, strides: 2, padding: .same, usesBias: false))
      try network.addNormalization("bn_Conv1", activation: "Conv1_relu")
      // Expansion, filters, blocks, stride of the first.
      let stages = [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
      ]
      var number = 0
      for (expansion, filters, blocks, stride) in stages {
        for block in 0..<blocks {
          try network.addBlock(
            number, expansion: expansion, filters: divisible((Double(filters) * width).rounded(.down)),
            strides: Size2D(block == 0 ? stride : 1))
          number += 1
        }
      }
      network.graph.beginStage("Conv_1")
      // The last convolution never gets narrower than 1280.
      try network.graph.add(
        Conv2D("Conv_1", filters: width > 1 ? divisible(1280 * width) : 1280, kernel: 1, usesBias: false))
      try network.addNormalization("Conv_1_bn", activation: "out_relu")  // at 224: [1280, 7, 7]
      network.graph.beginStage(nil)
      if let classes {
        try network.graph.add(GlobalAveragePooling2D("global_average_pooling2d"))
        try network.graph.add(Dense("predictions", units: classes, activation: .softmax))
      }
      return network.graph
    }
  }

  /// The multiple of 8 nearest to a number of filters, at least 8 and no more than a tenth below it.
  private static func divisible(_ filters: Double) -> Int {
    let rounded = max(8, Int(filters + 4) / 8 * 8)
    return Double(rounded) < 0.9 * filters ? rounded + 8 : rounded
  }
}

private struct InvertedResidualNetwork {
  var graph: LayerGraph

  /// 1×1 that widens, 3×3 on each channel, 1×1 that narrows without activation, and the input added where it fits.
  mutating func addBlock(_ number: Int, expansion: Int, filters: Int, strides: Size2D) throws(GraphError) {
    let prefix = number == 0 ? "expanded_conv" : "block_\(number)"
    graph.beginStage(number == 0 ? "block_0" : prefix)
    let input = graph.outputs[0]
    let channels = graph.output?.shape[0] ?? 0
    if number > 0 {
      try graph.add(
        Conv2D("\(prefix)_expand", filters: expansion * channels, kernel: 1, padding: .same, usesBias: false))
      try addNormalization("\(prefix)_expand_BN", activation: "\(prefix)_expand_relu")
    }
    if strides != 1 { try addPadding("\(prefix)_pad") }
    try graph.add(
      DepthwiseConv2D(
        "\(prefix)_depthwise", kernel: 3, strides: strides, padding: strides == 1 ? .same : .valid, usesBias: false))
    try addNormalization("\(prefix)_depthwise_BN", activation: "\(prefix)_depthwise_relu")
    try graph.add(Conv2D("\(prefix)_project", filters: filters, kernel: 1, padding: .same, usesBias: false))
    try addNormalization("\(prefix)_project_BN", activation: nil)
    if channels == filters, strides == 1 {
      try graph.add(Add("\(prefix)_add"), after: [input, graph.outputs[0]])
    }
  }

  mutating func addNormalization(_ name: String, activation: String?) throws(GraphError) {
    try graph.add(BatchNormalization(name, epsilon: 1e-3, momentum: 0.999))
    if let activation { try graph.add(Activation(activation, .relu6)) }
  }

  /// As much as makes a 3×3 window of stride 2 give ⌈input / 2⌉: nothing at the top and left of even sizes.
  private mutating func addPadding(_ name: String) throws(GraphError) {
    let shape = graph.output?.shape ?? [0, 0, 0]
    try graph.add(ZeroPadding2D(name, top: shape[1] % 2, bottom: 1, left: shape[2] % 2, right: 1))
  }
}
