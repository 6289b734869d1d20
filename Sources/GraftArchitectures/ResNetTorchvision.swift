import GraftGraph
import GraftTensors

// He et al., arXiv:1512.03385, table 1, as torchvision has it: convolutions without biases, the stride on the 3×3 of a
// bottleneck, symmetric padding. Layer names are those of torchvision's state dicts.

extension Architecture {
  public static let resnet18Torchvision = torchvision(layers: 18, blocks: [2, 2, 2, 2], isBottleneck: false)
  public static let resnet34Torchvision = torchvision(layers: 34, blocks: [3, 4, 6, 3], isBottleneck: false)
  public static let resnet50Torchvision = torchvision(layers: 50, blocks: [3, 4, 6, 3], isBottleneck: true)
  public static let resnet101Torchvision = torchvision(layers: 101, blocks: [3, 4, 23, 3], isBottleneck: true)
  public static let resnet152Torchvision = torchvision(layers: 152, blocks: [3, 8, 36, 3], isBottleneck: true)

  private static func torchvision(layers: Int, blocks: [Int], isBottleneck: Bool) -> Architecture {
    Architecture(
      name: "resnet\(layers)-torchvision", title: "ResNet-\(layers) (torchvision)",
      source: "arXiv:1512.03385; names as in torchvision", defaultInputSize: 224, minimumInputSize: 32,
      preprocessing: .torch
    ) { size, classes in
      var network = TorchResidualNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
      network.graph.beginStage("stem")
      try network.addConvolution("conv1", normalization: "bn1", filters: 64, kernel: 7, strides: 2)
      try network.graph.add(Activation("relu", .relu))
      try network.graph.add(MaxPooling2D("maxpool", size: 3, strides: 2, padding: .all(1)))
      for (stage, (filters, blocks)) in zip(1..., zip([64, 128, 256, 512], blocks)) {
        network.graph.beginStage("layer\(stage)")
        for block in 0..<blocks {
          let strides = block == 0 && stage > 1 ? 2 : 1
          try network.addBlock(
            "layer\(stage).\(block)", filters: filters, strides: Size2D(strides), isBottleneck: isBottleneck,
            projects: block == 0 && (isBottleneck || stage > 1))
        }
      }  // at 224: [512 or 2048, 7, 7]
      network.graph.beginStage(nil)
      if let classes {
        try network.graph.add(GlobalAveragePooling2D("avgpool"))
        try network.graph.add(Dense("fc", units: classes))
        try network.graph.add(Activation("softmax", .softmax))
      }
      return network.graph
    }
  }
}

private struct TorchResidualNetwork {
  var graph: LayerGraph

  /// A convolution without bias and its normalisation, padded so that only the stride changes the size.
  @discardableResult
  mutating func addConvolution(
    _ name: String, normalization: String, filters: Int, kernel: Int, strides: Size2D = 1, after inputs: [String] = []
  ) throws(GraphError) -> String {
    try graph.add(
      Conv2D(
        name, filters: filters, kernel: Size2D(kernel), strides: strides, padding: .all(kernel / 2), usesBias: false),
      after: inputs)
    // PyTorch's momentum of 0.1 is the weight of the new value, Keras's 0.9 that of the old.
    return try graph.add(BatchNormalization(normalization, epsilon: 1e-5, momentum: 0.9, movingVariance: .unbiased))
  }

  mutating func addBlock(
    _ name: String, filters: Int, strides: Size2D, isBottleneck: Bool, projects: Bool
  ) throws(GraphError) {
    let input = graph.outputs[0]
    let kernels = isBottleneck ? [1, 3, 1] : [3, 3]
    let width = isBottleneck ? 4 * filters : filters
    for (number, kernel) in zip(1..., kernels) {
      let isLast = number == kernels.count
      // The stride is on the 3×3: the second of a bottleneck, the first of a basic block.
      try addConvolution(
        "\(name).conv\(number)", normalization: "\(name).bn\(number)", filters: isLast ? width : filters,
        kernel: kernel, strides: number == kernels.count - 1 ? strides : 1, after: number == 1 ? [input] : [])
      if !isLast { try graph.add(Activation("\(name).relu\(number)", .relu)) }
    }
    let residual = graph.outputs[0]
    var shortcut = input
    if projects {
      shortcut = try addConvolution(
        "\(name).downsample.0", normalization: "\(name).downsample.1", filters: width, kernel: 1, strides: strides,
        after: [input])
    }
    try graph.add(Add("\(name).add"), after: [residual, shortcut])
    try graph.add(Activation("\(name).relu", .relu))
  }
}
