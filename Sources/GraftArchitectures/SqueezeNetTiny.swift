import GraftGraph
import GraftTensors

extension Architecture {
  /// SqueezeNet with fewer filters and two fire modules less, for small images: the network whose weights Graft carries,
  /// pretrained on drawings.
  ///
  /// It has the paper's simple bypass (section 6: a module whose input is as wide as its output adds the two), and batch
  /// normalisation, which the paper has not: a network this small must learn from the ground up in minutes.
  public static let squeezenetTiny = Architecture(
    name: "squeezenet-tiny", title: "SqueezeNet, tiny",
    source: "Graft's own, after arXiv:1602.07360 with arXiv:1502.03167", defaultInputSize: 96, minimumInputSize: 48
  ) { size, classes in
    var network = TinySqueezeNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
    try network.addConvolution("conv1", filters: 32, kernel: 3, strides: 2)
    // (filters that squeeze, filters of each kind that expand), twice in each stage
    let stages = [(16, 32), (32, 64), (64, 128)]
    for (stage, (squeeze, expand)) in stages.enumerated() {
      network.graph.beginStage(nil)
      try network.graph.add(MaxPooling2D("pool\(2 * stage + 1)", size: 3, strides: 2))
      for number in [2 * stage + 2, 2 * stage + 3] {
        try network.addFire("fire\(number)", squeeze: squeeze, expand: expand, bypasses: number % 2 == 1)
      }
    }  // at 96: [256, 5, 5]

    network.graph.beginStage(nil)
    if let classes {
      try network.graph.add(Dropout("drop8", rate: 0.5))
      try network.graph.add(Conv2D("conv8", filters: classes, kernel: 1))
      try network.graph.add(GlobalAveragePooling2D("pool8"))
      try network.graph.add(Activation("probabilities", .softmax))
    }
    return network.graph
  }
}

private struct TinySqueezeNetwork {
  var graph: LayerGraph

  /// Ten steps, not Keras's hundred, make up the moving statistics: trainings of small networks are short.
  private func normalization(_ name: String) -> BatchNormalization { BatchNormalization(name, momentum: 0.9) }

  mutating func addConvolution(_ name: String, filters: Int, kernel: Int, strides: Int = 1) throws(GraphError) {
    try graph.add(
      Conv2D(name, filters: filters, kernel: Size2D(kernel), strides: Size2D(strides), usesBias: false))
    try graph.add(normalization("\(name)/bn"))
    try graph.add(Activation("\(name)/relu", .relu))
  }

  mutating func addFire(_ fire: String, squeeze: Int, expand: Int, bypasses: Bool) throws(GraphError) {
    graph.beginStage(fire)
    let input = graph.outputs[0]
    try addConvolution("\(fire)/squeeze1x1", filters: squeeze, kernel: 1)
    let squeezed = graph.outputs[0]
    let narrow = try graph.add(Conv2D("\(fire)/expand1x1", filters: expand, kernel: 1, usesBias: false))
    let wide = try graph.add(
      Conv2D("\(fire)/expand3x3", filters: expand, kernel: 3, padding: .same, usesBias: false), after: [squeezed])
    try graph.add(Concatenate("\(fire)/concat"), after: [narrow, wide])
    let expanded = try graph.add(normalization("\(fire)/bn"))
    if bypasses { try graph.add(Add("\(fire)/add"), after: [input, expanded]) }
    try graph.add(Activation("\(fire)/relu", .relu))
  }
}
