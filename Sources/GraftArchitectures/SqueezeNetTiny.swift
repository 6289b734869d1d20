import GraftGraph
import GraftTensors

extension Architecture {
  /// SqueezeNet with a quarter of the filters and two fire modules less, for small images: the network whose weights
  /// Graft carries, pretrained on drawings.
  ///
  /// Its convolutions contain their ReLU, unlike those of `squeezenet`, whose layers are those of a published file: fresh
  /// kernels then begin as large as He et al. (arXiv:1502.01852) advise for a ReLU. With Keras's default, made for layers
  /// without one, the signal all but vanishes over thirteen layers, and the network does not learn from the ground up.
  public static let squeezenetTiny = Architecture(
    name: "squeezenet-tiny", title: "SqueezeNet, tiny", source: "Graft's own, after arXiv:1602.07360",
    defaultInputSize: 96, minimumInputSize: 48
  ) { size, classes in
    var graph = try LayerGraph(input: [3, size.height, size.width])
    try graph.add(Conv2D("conv1", filters: 16, kernel: 3, strides: 2, activation: .relu))
    // (filters that squeeze, filters of each kind that expand), twice in each stage
    let stages = [(8, 16), (16, 32), (24, 64)]
    for (stage, (squeeze, expand)) in stages.enumerated() {
      graph.beginStage(nil)
      try graph.add(MaxPooling2D("pool\(2 * stage + 1)", size: 3, strides: 2))
      for number in [2 * stage + 2, 2 * stage + 3] {
        try addTinyFire("fire\(number)", squeeze: squeeze, expand: expand, to: &graph)
      }
    }  // at 96: [128, 5, 5]

    graph.beginStage(nil)
    if let classes {
      try graph.add(Dropout("drop8", rate: 0.5))
      try graph.add(Conv2D("conv8", filters: classes, kernel: 1))
      try graph.add(GlobalAveragePooling2D("pool8"))
      try graph.add(Activation("probabilities", .softmax))
    }
    return graph
  }

  private static func addTinyFire(
    _ fire: String, squeeze: Int, expand: Int, to graph: inout LayerGraph
  ) throws(GraphError) {
    graph.beginStage(fire)
    let squeezed = try graph.add(Conv2D("\(fire)/squeeze1x1", filters: squeeze, kernel: 1, activation: .relu))
    let narrow = try graph.add(Conv2D("\(fire)/expand1x1", filters: expand, kernel: 1, activation: .relu))
    let wide = try graph.add(
      Conv2D("\(fire)/expand3x3", filters: expand, kernel: 3, padding: .same, activation: .relu), after: [squeezed])
    try graph.add(Concatenate("\(fire)/concat"), after: [narrow, wide])
  }
}
