import GraftGraph
import GraftTensors

// Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
// arXiv:1704.04861, table 1, as keras.applications has it.

extension Architecture {
  public static let mobilenet = mobilenet(width: 1)

  /// MobileNet V1 with all filters multiplied by `width`: `mobilenet-0.25`.
  public static func mobilenet(width: Double) -> Architecture {
    Architecture(
      name: width == 1 ? "mobilenet" : "mobilenet-\(width)", family: "mobilenet",
      title: "MobileNet V1" + (width == 1 ? "" : ", width \(width)"),
      source: "arXiv:1704.04861; names as in keras.applications", defaultInputSize: 224, minimumInputSize: 32
    ) { size, classes in
      var network = MobileNetwork(graph: try LayerGraph(input: [3, size.height, size.width]), width: width)
      network.graph.beginStage("conv1")
      try network.addConvolution("conv1", filters: 32, kernel: 3, strides: 2)
      // Filters and stride of each depthwise separable block.
      let blocks = [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
        (1024, 2), (1024, 1),
      ]
      for (number, (filters, stride)) in zip(1..., blocks) {
        try network.addBlock(number, filters: filters, strides: Size2D(stride))
      }  // at 224: [1024 · width, 7, 7]
      try network.addClassifier(classes)
      return network.graph
    }
  }
}

private struct MobileNetwork {
  var graph: LayerGraph
  let width: Double

  mutating func addBlock(_ number: Int, filters: Int, strides: Size2D) throws(GraphError) {
    graph.beginStage("block\(number)")
    if strides != 1 {
      try graph.add(ZeroPadding2D("conv_pad_\(number)", top: 0, bottom: 1, left: 0, right: 1))
    }
    let name = "conv_dw_\(number)"
    try graph.add(
      DepthwiseConv2D(
        name, kernel: 3, strides: strides, padding: strides == 1 ? .same : .valid, usesBias: false))
    try addNormalization(name)
    try addConvolution("conv_pw_\(number)", filters: filters, kernel: 1)
  }

  /// Convolution without bias, normalisation, ReLU6.
  mutating func addConvolution(
    _ name: String, filters: Int, kernel: Size2D, strides: Size2D = 1
  ) throws(GraphError) {
    try graph.add(
      Conv2D(
        name, filters: Int(Double(filters) * width), kernel: kernel, strides: strides, padding: .same, usesBias: false))
    try addNormalization(name)
  }

  mutating func addClassifier(_ classes: Int?) throws(GraphError) {
    graph.beginStage(nil)
    guard let classes else { return }
    try graph.add(GlobalAveragePooling2D("global_average_pooling2d"))
    try graph.add(Reshape("reshape_1", shape: [Int(1024 * width), 1, 1], order: .channelsLast))
    try graph.add(Dropout("dropout", rate: 1e-3))
    try graph.add(Conv2D("conv_preds", filters: classes, kernel: 1, padding: .same))
    try graph.add(Reshape("reshape_2", shape: [classes], order: .channelsLast))
    try graph.add(Activation("predictions", .softmax))
  }

  private mutating func addNormalization(_ name: String) throws(GraphError) {
    try graph.add(BatchNormalization("\(name)_bn", epsilon: 1e-3))
    try graph.add(Activation("\(name)_relu", .relu6))
  }
}
