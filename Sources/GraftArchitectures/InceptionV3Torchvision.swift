import GraftGraph
import GraftTensors

// Szegedy et al., arXiv:1512.00567, as torchvision has it: normalisations with a scale, average poolings that count the padding,
// the auxiliary classifier left out. Layer names are those of torchvision's and timm's state dicts.
// Sizes in the comments are those for 299×299 images.

extension Architecture {
  public static let inceptionV3Torchvision = Architecture(
    name: "inceptionv3-torchvision", title: "Inception-v3 (torchvision)",
    source: "arXiv:1512.00567; names as in torchvision", defaultInputSize: 299, minimumInputSize: 75,
    // The published weights came from TensorFlow; torchvision undoes its own preprocessing before the first layer.
    preprocessing: .tensorFlow
  ) { size, classes in
    var network = TorchInceptionNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
    try network.addStem()  // 35 × 35 × 192
    for (block, pooled) in [("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)] {
      try network.addMixed35(block, pooled: pooled)
    }  // × 288
    try network.addReduction17("Mixed_6a")  // 17 × 17 × 768
    for (block, width) in [("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192)] {
      try network.addMixed17(block, width: width)
    }
    try network.addReduction8("Mixed_7a")  // 8 × 8 × 1280
    for block in ["Mixed_7b", "Mixed_7c"] { try network.addMixed8(block) }  // × 2048
    network.graph.beginStage(nil)
    if let classes {
      try network.graph.add(GlobalAveragePooling2D("avgpool"))
      try network.graph.add(Dropout("dropout", rate: 0.5))
      try network.graph.add(Dense("fc", units: classes))
      try network.graph.add(Activation("softmax", .softmax))
    }
    return network.graph
  }
}

/// Inception-v3 under construction: branches are lists of convolutions with torchvision's names.
private struct TorchInceptionNetwork {
  /// Name, filters, height and width of a kernel; stride 1 and padded unless it is the last of a branch that `reduces`.
  typealias Step = (name: String, filters: Int, height: Int, width: Int)

  var graph: LayerGraph

  mutating func addStem() throws(GraphError) {
    graph.beginStage("stem")
    try addConvolution("Conv2d_1a_3x3", (32, 3, 3), strides: 2, isPadded: false)
    try addConvolution("Conv2d_2a_3x3", (32, 3, 3), isPadded: false)
    try addConvolution("Conv2d_2b_3x3", (64, 3, 3))
    try graph.add(MaxPooling2D("maxpool1", size: 3, strides: 2))
    try addConvolution("Conv2d_3b_1x1", (80, 1, 1))
    try addConvolution("Conv2d_4a_3x3", (192, 3, 3), isPadded: false)
    try graph.add(MaxPooling2D("maxpool2", size: 3, strides: 2))
  }

  mutating func addMixed35(_ block: String, pooled: Int) throws(GraphError) {
    let input = begin(block)
    let branches = [
      try branch(input, block, [("branch1x1", 64, 1, 1)]),
      try branch(input, block, [("branch5x5_1", 48, 1, 1), ("branch5x5_2", 64, 5, 5)]),
      try branch(
        input, block, [("branch3x3dbl_1", 64, 1, 1), ("branch3x3dbl_2", 96, 3, 3), ("branch3x3dbl_3", 96, 3, 3)]),
      try averaged(input, block, filters: pooled),
    ]
    try graph.add(Concatenate("\(block).concat"), after: branches)
  }

  mutating func addReduction17(_ block: String) throws(GraphError) {
    let input = begin(block)
    let branches = [
      try branch(input, block, [("branch3x3", 384, 3, 3)], reduces: true),
      try branch(
        input, block, [("branch3x3dbl_1", 64, 1, 1), ("branch3x3dbl_2", 96, 3, 3), ("branch3x3dbl_3", 96, 3, 3)],
        reduces: true),
      try graph.add(MaxPooling2D("\(block).pool", size: 3, strides: 2), after: [input]),
    ]
    try graph.add(Concatenate("\(block).concat"), after: branches)
  }

  mutating func addMixed17(_ block: String, width: Int) throws(GraphError) {
    let input = begin(block)
    let branches = [
      try branch(input, block, [("branch1x1", 192, 1, 1)]),
      try branch(
        input, block, [("branch7x7_1", width, 1, 1), ("branch7x7_2", width, 1, 7), ("branch7x7_3", 192, 7, 1)]),
      try branch(
        input, block,
        [
          ("branch7x7dbl_1", width, 1, 1), ("branch7x7dbl_2", width, 7, 1), ("branch7x7dbl_3", width, 1, 7),
          ("branch7x7dbl_4", width, 7, 1), ("branch7x7dbl_5", 192, 1, 7),
        ]),
      try averaged(input, block, filters: 192),
    ]
    try graph.add(Concatenate("\(block).concat"), after: branches)
  }

  mutating func addReduction8(_ block: String) throws(GraphError) {
    let input = begin(block)
    let branches = [
      try branch(input, block, [("branch3x3_1", 192, 1, 1), ("branch3x3_2", 320, 3, 3)], reduces: true),
      try branch(
        input, block,
        [
          ("branch7x7x3_1", 192, 1, 1), ("branch7x7x3_2", 192, 1, 7), ("branch7x7x3_3", 192, 7, 1),
          ("branch7x7x3_4", 192, 3, 3),
        ], reduces: true),
      try graph.add(MaxPooling2D("\(block).pool", size: 3, strides: 2), after: [input]),
    ]
    try graph.add(Concatenate("\(block).concat"), after: branches)
  }

  mutating func addMixed8(_ block: String) throws(GraphError) {
    let input = begin(block)
    let narrow = try branch(input, block, [("branch1x1", 320, 1, 1)])
    let single = try branch(input, block, [("branch3x3_1", 384, 1, 1)])
    let forked = try forked(single, block, "branch3x3_2")
    let double = try branch(input, block, [("branch3x3dbl_1", 448, 1, 1), ("branch3x3dbl_2", 384, 3, 3)])
    let forkedAgain = try self.forked(double, block, "branch3x3dbl_3")
    let pooled = try averaged(input, block, filters: 192)
    try graph.add(Concatenate("\(block).concat"), after: [narrow] + forked + forkedAgain + [pooled])
  }

  /// Begins the stage of a block and returns what it is fed.
  private mutating func begin(_ block: String) -> String {
    graph.beginStage(block)
    return graph.outputs[0]
  }

  /// A 1×3 and a 3×1 convolution of the same input, side by side.
  private mutating func forked(_ input: String, _ block: String, _ name: String) throws(GraphError) -> [String] {
    [
      try branch(input, block, [("\(name)a", 384, 1, 3)]),
      try branch(input, block, [("\(name)b", 384, 3, 1)]),
    ]
  }

  private mutating func averaged(_ input: String, _ block: String, filters: Int) throws(GraphError) -> String {
    let pooled = try graph.add(
      AveragePooling2D("\(block).average", size: 3, strides: 1, padding: .all(1), countsPadding: true), after: [input])
    return try branch(pooled, block, [("branch_pool", filters, 1, 1)])
  }

  /// - Parameter reduces: whether the last step has stride 2 and no padding.
  private mutating func branch(
    _ input: String, _ block: String, _ steps: [Step], reduces: Bool = false
  ) throws(GraphError) -> String {
    var output = input
    for (index, step) in steps.enumerated() {
      let isReduction = reduces && index == steps.count - 1
      output = try addConvolution(
        "\(block).\(step.name)", (step.filters, step.height, step.width), strides: isReduction ? 2 : 1,
        isPadded: !isReduction, after: [output])
    }
    return output
  }

  /// Convolution without bias, normalisation, ReLU.
  @discardableResult
  private mutating func addConvolution(
    _ name: String, _ kernel: (filters: Int, height: Int, width: Int), strides: Size2D = 1, isPadded: Bool = true,
    after inputs: [String] = []
  ) throws(GraphError) -> String {
    let (vertical, horizontal) = isPadded ? (kernel.height / 2, kernel.width / 2) : (0, 0)
    try graph.add(
      Conv2D(
        "\(name).conv", filters: kernel.filters, kernel: Size2D(height: kernel.height, width: kernel.width),
        strides: strides,
        padding: .explicit(top: vertical, bottom: vertical, left: horizontal, right: horizontal), usesBias: false),
      after: inputs)
    try graph.add(BatchNormalization("\(name).bn", epsilon: 1e-3, momentum: 0.9, movingVariance: .unbiased))
    return try graph.add(Activation("\(name).relu", .relu))
  }
}
