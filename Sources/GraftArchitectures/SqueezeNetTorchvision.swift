import GraftGraph
import GraftTensors

// Iandola et al., arXiv:1602.07360, version 1.1 of the authors' repository, as torchvision has it: poolings round up. Layer
// names are those of torchvision's state dicts.

extension Architecture {
  public static let squeezenetTorchvision = Architecture(
    name: "squeezenet-torchvision", title: "SqueezeNet 1.1 (torchvision)",
    source: "arXiv:1602.07360; names as in torchvision", defaultInputSize: 224, minimumInputSize: 25,
    preprocessing: .torch
  ) { size, classes in
    var graph = try LayerGraph(input: [3, size.height, size.width])
    try graph.add(Conv2D("features.0", filters: 64, kernel: 3, strides: 2))
    try graph.add(Activation("features.1", .relu))
    var number = 2
    // By stage, (filters that squeeze, filters of each kind that expand).
    let stages = [[(16, 64), (16, 64)], [(32, 128), (32, 128)], [(48, 192), (48, 192), (64, 256), (64, 256)]]
    for modules in stages {
      graph.beginStage(nil)
      try graph.add(MaxPooling2D("features.\(number)", size: 3, strides: 2, rounding: .up))
      number += 1
      for (squeeze, expand) in modules {
        try addTorchvisionFire("features.\(number)", squeeze: squeeze, expand: expand, to: &graph)
        number += 1
      }
    }  // at 224: [512, 13, 13]

    graph.beginStage(nil)
    if let classes {
      try graph.add(Dropout("classifier.0", rate: 0.5))
      try graph.add(Conv2D("classifier.1", filters: classes, kernel: 1))
      try graph.add(Activation("classifier.2", .relu))
      try graph.add(GlobalAveragePooling2D("classifier.3"))
      try graph.add(Activation("softmax", .softmax))
    }
    return graph
  }

  private static func addTorchvisionFire(
    _ fire: String, squeeze: Int, expand: Int, to graph: inout LayerGraph
  ) throws(GraphError) {
    graph.beginStage(fire)
    try graph.add(Conv2D("\(fire).squeeze", filters: squeeze, kernel: 1))
    let squeezed = try graph.add(Activation("\(fire).squeeze_activation", .relu))
    try graph.add(Conv2D("\(fire).expand1x1", filters: expand, kernel: 1))
    let narrow = try graph.add(Activation("\(fire).expand1x1_activation", .relu))
    try graph.add(Conv2D("\(fire).expand3x3", filters: expand, kernel: 3, padding: .all(1)), after: [squeezed])
    let wide = try graph.add(Activation("\(fire).expand3x3_activation", .relu))
    try graph.add(Concatenate("\(fire).concat"), after: [narrow, wide])
  }
}
