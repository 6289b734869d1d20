import GraftGraph
import GraftTensors

// Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
// arXiv:1602.07360, version 1.1 of the authors' repository. Layer names are those of the Keras weight files.

extension Architecture {
  public static let squeezenet = Architecture(
    name: "squeezenet", title: "SqueezeNet 1.1", source: "arXiv:1602.07360; names as in keras-squeezenet",
    defaultInputSize: 224, minimumInputSize: 48
  ) { size, classes in
    var graph = try LayerGraph(input: [3, size.height, size.width])
    try graph.add(Conv2D("conv1", filters: 64, kernel: 3, strides: 2))
    try graph.add(Activation("relu_conv1", .relu))
    var number = 2
    // By stage, (filters that squeeze, filters of each kind that expand).
    let stages = [[(16, 64), (16, 64)], [(32, 128), (32, 128)], [(48, 192), (48, 192), (64, 256), (64, 256)]]
    for (stage, modules) in stages.enumerated() {
      graph.beginStage(nil)
      // Pools are numbered after the module before them: pool1, pool3, pool5.
      try graph.add(MaxPooling2D("pool\(2 * stage + 1)", size: 3, strides: 2))
      for (squeeze, expand) in modules {
        try addFire(number, squeeze: squeeze, expand: expand, to: &graph)
        number += 1
      }
    }  // at 224: [512, 13, 13]

    graph.beginStage(nil)
    if let classes {
      try graph.add(Dropout("drop9", rate: 0.5))
      try graph.add(Conv2D("conv10", filters: classes, kernel: 1))
      try graph.add(Activation("relu_conv10", .relu))
      try graph.add(GlobalAveragePooling2D("global_average_pooling2d_1"))
      try graph.add(Activation("loss", .softmax))
    }
    return graph
  }

  /// A fire module: 1×1 convolutions that squeeze, then 1×1 and 3×3 convolutions side by side that expand.
  private static func addFire(
    _ number: Int, squeeze: Int, expand: Int, to graph: inout LayerGraph
  ) throws(GraphError) {
    let fire = "fire\(number)"
    graph.beginStage(fire)
    try graph.add(Conv2D("\(fire)/squeeze1x1", filters: squeeze, kernel: 1))
    let squeezed = try graph.add(Activation("\(fire)/relu_squeeze1x1", .relu))
    try graph.add(Conv2D("\(fire)/expand1x1", filters: expand, kernel: 1))
    let narrow = try graph.add(Activation("\(fire)/relu_expand1x1", .relu))
    try graph.add(Conv2D("\(fire)/expand3x3", filters: expand, kernel: 3, padding: .same), after: [squeezed])
    let wide = try graph.add(Activation("\(fire)/relu_expand3x3", .relu))
    try graph.add(Concatenate("\(fire)/concat"), after: [narrow, wide])
  }
}
