import GraftGraph
import GraftTensors

// Sandler et al., arXiv:1801.04381, table 2, as torchvision has it: symmetric padding, normalisation with ε = 1e-5. Layer names
// are those of torchvision's state dicts.

extension Architecture {
  public static let mobilenetV2Torchvision = Architecture(
    name: "mobilenetv2-torchvision", title: "MobileNetV2 (torchvision)",
    source: "arXiv:1801.04381; names as in torchvision", defaultInputSize: 224, minimumInputSize: 32,
    preprocessing: .torch
  ) { size, classes in
    var network = TorchInvertedResidualNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
    network.graph.beginStage("features.0")
    try network.addConvolution("features.0.0", normalization: "features.0.1", filters: 32, kernel: 3, strides: 2)
    // Expansion, filters, blocks, stride of the first.
    let stages = [
      (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]
    var number = 1
    for (expansion, filters, blocks, stride) in stages {
      for block in 0..<blocks {
        try network.addBlock(
          "features.\(number)", expansion: expansion, filters: filters, strides: Size2D(block == 0 ? stride : 1))
        number += 1
      }
    }
    network.graph.beginStage("features.18")
    try network.addConvolution("features.18.0", normalization: "features.18.1", filters: 1280, kernel: 1)
    // at 224: [1280, 7, 7]
    network.graph.beginStage(nil)
    if let classes {
      try network.graph.add(GlobalAveragePooling2D("avgpool"))
      try network.graph.add(Dropout("classifier.0", rate: 0.2))
      try network.graph.add(Dense("classifier.1", units: classes))
      try network.graph.add(Activation("softmax", .softmax))
    }
    return network.graph
  }
}

private struct TorchInvertedResidualNetwork {
  var graph: LayerGraph

  /// 1×1 that widens, 3×3 on each channel, 1×1 that narrows without activation, and the input added where it fits.
  mutating func addBlock(_ name: String, expansion: Int, filters: Int, strides: Size2D) throws(GraphError) {
    graph.beginStage(name)
    let input = graph.outputs[0]
    let channels = graph.output?.shape[0] ?? 0
    var step = 0
    if expansion > 1 {
      try addConvolution(
        "\(name).conv.0.0", normalization: "\(name).conv.0.1", filters: expansion * channels, kernel: 1)
      step = 1
    }
    try graph.add(
      DepthwiseConv2D(
        "\(name).conv.\(step).0", kernel: 3, strides: strides, padding: .all(1), usesBias: false))
    try addNormalization("\(name).conv.\(step).1", activates: true)
    try graph.add(Conv2D("\(name).conv.\(step + 1)", filters: filters, kernel: 1, usesBias: false))
    try addNormalization("\(name).conv.\(step + 2)", activates: false)
    if channels == filters, strides == 1 {
      try graph.add(Add("\(name).add"), after: [input, graph.outputs[0]])
    }
  }

  /// Convolution without bias, normalisation, ReLU6.
  mutating func addConvolution(
    _ name: String, normalization: String, filters: Int, kernel: Int, strides: Size2D = 1
  ) throws(GraphError) {
    try graph.add(
      Conv2D(
        name, filters: filters, kernel: Size2D(kernel), strides: strides, padding: .all(kernel / 2), usesBias: false))
    try addNormalization(normalization, activates: true)
  }

  private mutating func addNormalization(_ name: String, activates: Bool) throws(GraphError) {
    try graph.add(BatchNormalization(name, epsilon: 1e-5, momentum: 0.9, movingVariance: .unbiased))
    if activates { try graph.add(Activation("\(name).relu6", .relu6)) }
  }
}
