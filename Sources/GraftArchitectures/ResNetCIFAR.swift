import GraftGraph
import GraftTensors

// He et al., arXiv:1512.03385, section 4.2: networks of 6n + 2 layers for images of 32×32 pixels, shortcuts without weights
// (option A). Layer names are those of github.com/akamaster/pytorch_resnet_cifar10, whose weights want ImageNet's mean colour
// taken off all the same.

extension Architecture {
  public static let resnet20CIFAR = resnetCIFAR(layers: 20)
  public static let resnet32CIFAR = resnetCIFAR(layers: 32)
  public static let resnet44CIFAR = resnetCIFAR(layers: 44)
  public static let resnet56CIFAR = resnetCIFAR(layers: 56)
  public static let resnet110CIFAR = resnetCIFAR(layers: 110)

  private static func resnetCIFAR(layers: Int) -> Architecture {
    Architecture(
      name: "resnet\(layers)-cifar", title: "ResNet-\(layers) for CIFAR",
      source: "arXiv:1512.03385; names as in akamaster/pytorch_resnet_cifar10", defaultInputSize: 32,
      minimumInputSize: 8, preprocessing: .torch
    ) { size, classes in
      var network = SmallResidualNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
      network.graph.beginStage("stem")
      try network.addConvolution("conv1", normalization: "bn1", filters: 16)
      try network.graph.add(Activation("relu", .relu))
      for (stage, filters) in zip(1..., [16, 32, 64]) {
        network.graph.beginStage("layer\(stage)")
        for block in 0..<(layers - 2) / 6 {
          try network.addBlock("layer\(stage).\(block)", filters: filters)
        }
      }  // at 32: [64, 8, 8]
      network.graph.beginStage(nil)
      if let classes {
        try network.graph.add(GlobalAveragePooling2D("avgpool"))
        try network.graph.add(Dense("linear", units: classes))
        try network.graph.add(Activation("softmax", .softmax))
      }
      return network.graph
    }
  }
}

private struct SmallResidualNetwork {
  var graph: LayerGraph

  /// 3×3 without bias, padded so that only the stride changes the size, and its normalisation.
  mutating func addConvolution(
    _ name: String, normalization: String, filters: Int, strides: Size2D = 1
  ) throws(GraphError) {
    try graph.add(
      Conv2D(name, filters: filters, kernel: 3, strides: strides, padding: .all(1), usesBias: false))
    try graph.add(BatchNormalization(normalization, epsilon: 1e-5, momentum: 0.9, movingVariance: .unbiased))
  }

  mutating func addBlock(_ name: String, filters: Int) throws(GraphError) {
    let input = graph.outputs[0]
    let added = filters - (graph.output?.shape[0] ?? 0)
    let strides: Size2D = added == 0 ? 1 : 2
    try addConvolution("\(name).conv1", normalization: "\(name).bn1", filters: filters, strides: strides)
    try graph.add(Activation("\(name).relu1", .relu))
    try addConvolution("\(name).conv2", normalization: "\(name).bn2", filters: filters)
    let residual = graph.outputs[0]
    var shortcut = input
    if added > 0 {
      // Option A: every second pixel, and channels of zeros, half of them on each side.
      try graph.add(StridedSlice2D("\(name).shortcut.slice", strides: strides), after: [input])
      shortcut = try graph.add(ChannelPadding("\(name).shortcut.pad", before: added / 2, after: added / 2))
    }
    try graph.add(Add("\(name).add"), after: [residual, shortcut])
    try graph.add(Activation("\(name).relu", .relu))
  }
}
