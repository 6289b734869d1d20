import GraftGraph
import GraftTensors

// Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", arXiv:1512.00567, as keras.applications
// has it. Sizes in the comments are those for 299×299 images.

extension Architecture {
  public static let inceptionV3 = Architecture(
    name: "inceptionv3", title: "Inception-v3", source: "arXiv:1512.00567; names as in keras.applications",
    defaultInputSize: 299, minimumInputSize: 75
  ) { size, classes in
    var network = InceptionNetwork(graph: try LayerGraph(input: [3, size.height, size.width]))
    try network.addStem()  // 35 × 35 × 192
    for (number, pooled) in zip(0..., [32, 64, 64]) { try network.addMixed35(number, pooled: pooled) }  // × 288
    try network.addReduction17()  // 17 × 17 × 768
    for (number, width) in zip(4..., [128, 160, 160, 192]) { try network.addMixed17(number, width: width) }
    try network.addReduction8()  // 8 × 8 × 1280
    for number in [9, 10] { try network.addMixed8(number) }  // 8 × 8 × 2048
    try network.graph.addPooledClassifier(classes)
    return network.graph
  }
}

/// Inception-v3 under construction: branches are lists of convolutions, and Keras numbers its layers as they are made.
private struct InceptionNetwork {
  /// Filters, height and width of a kernel; stride 1 and padded unless it `reduces`.
  typealias Step = (filters: Int, height: Int, width: Int)

  var graph: LayerGraph
  private var counts: [String: Int] = [:]

  init(graph: LayerGraph) {
    self.graph = graph
  }

  mutating func addStem() throws(GraphError) {
    graph.beginStage("stem")
    try addConvolution((32, 3, 3), strides: 2, padding: .valid)
    try addConvolution((32, 3, 3), padding: .valid)
    try addConvolution((64, 3, 3))
    try graph.add(MaxPooling2D(nextName("max_pooling2d"), size: 3, strides: 2))
    try addConvolution((80, 1, 1), padding: .valid)
    try addConvolution((192, 3, 3), padding: .valid)
    try graph.add(MaxPooling2D(nextName("max_pooling2d"), size: 3, strides: 2))
  }

  mutating func addMixed35(_ number: Int, pooled: Int) throws(GraphError) {
    let input = begin(number)
    let branches = [
      try branch(input, [(64, 1, 1)]),
      try branch(input, [(48, 1, 1), (64, 5, 5)]),
      try branch(input, [(64, 1, 1), (96, 3, 3), (96, 3, 3)]),
      try averaged(input, filters: pooled),
    ]
    try graph.add(Concatenate("mixed\(number)"), after: branches)
  }

  mutating func addReduction17() throws(GraphError) {
    let input = begin(3)
    let branches = [
      try branch(input, [(384, 3, 3)], reduces: true),
      try branch(input, [(64, 1, 1), (96, 3, 3), (96, 3, 3)], reduces: true),
      try graph.add(MaxPooling2D(nextName("max_pooling2d"), size: 3, strides: 2), after: [input]),
    ]
    try graph.add(Concatenate("mixed3"), after: branches)
  }

  mutating func addMixed17(_ number: Int, width: Int) throws(GraphError) {
    let input = begin(number)
    let branches = [
      try branch(input, [(192, 1, 1)]),
      try branch(input, [(width, 1, 1), (width, 1, 7), (192, 7, 1)]),
      try branch(input, [(width, 1, 1), (width, 7, 1), (width, 1, 7), (width, 7, 1), (192, 1, 7)]),
      try averaged(input, filters: 192),
    ]
    try graph.add(Concatenate("mixed\(number)"), after: branches)
  }

  mutating func addReduction8() throws(GraphError) {
    let input = begin(8)
    let branches = [
      try branch(input, [(192, 1, 1), (320, 3, 3)], reduces: true),
      try branch(input, [(192, 1, 1), (192, 1, 7), (192, 7, 1), (192, 3, 3)], reduces: true),
      try graph.add(MaxPooling2D(nextName("max_pooling2d"), size: 3, strides: 2), after: [input]),
    ]
    try graph.add(Concatenate("mixed8"), after: branches)
  }

  mutating func addMixed8(_ number: Int) throws(GraphError) {
    let input = begin(number)
    let narrow = try branch(input, [(320, 1, 1)])
    let single = try forked(branch(input, [(384, 1, 1)]), as: "mixed9_\(number - 9)")
    let double = try forked(branch(input, [(448, 1, 1), (384, 3, 3)]), as: nextName("concatenate"))
    let pooled = try averaged(input, filters: 192)
    try graph.add(Concatenate("mixed\(number)"), after: [narrow, single, double, pooled])
  }

  /// Begins the stage of a mixed block and returns what it is fed.
  private mutating func begin(_ number: Int) -> String {
    graph.beginStage("mixed\(number)")
    return graph.outputs[0]
  }

  /// A 1×3 and a 3×1 convolution of the same input, side by side.
  private mutating func forked(_ input: String, as name: String) throws(GraphError) -> String {
    let wide = try branch(input, [(384, 1, 3)])
    let high = try branch(input, [(384, 3, 1)])
    return try graph.add(Concatenate(name), after: [wide, high])
  }

  private mutating func averaged(_ input: String, filters: Int) throws(GraphError) -> String {
    let pooled = try graph.add(
      AveragePooling2D(nextName("average_pooling2d"), size: 3, strides: 1, padding: .same), after: [input])
    return try branch(pooled, [(filters, 1, 1)])
  }

  /// - Parameter reduces: whether the last step has stride 2 and no padding.
  private mutating func branch(
    _ input: String, _ steps: [Step], reduces: Bool = false
  ) throws(GraphError) -> String {
    var output = input
    for (index, step) in steps.enumerated() {
      let isReduction = reduces && index == steps.count - 1
      output = try addConvolution(
        step, strides: isReduction ? 2 : 1, padding: isReduction ? .valid : .same, after: [output])
    }
    return output
  }

  /// Convolution without bias, normalisation without scale, ReLU.
  @discardableResult
  private mutating func addConvolution(
    _ step: Step, strides: Size2D = 1, padding: Window2D.Padding = .same, after inputs: [String] = []
  ) throws(GraphError) -> String {
    try graph.add(
      Conv2D(
        nextName("conv2d"), filters: step.filters, kernel: Size2D(height: step.height, width: step.width),
        strides: strides, padding: padding, usesBias: false), after: inputs)
    try graph.add(BatchNormalization(nextName("batch_normalization"), epsilon: 1e-3, usesScale: false))
    return try graph.add(Activation(nextName("activation"), .relu))
  }

  /// `conv2d`, `conv2d_1`, `conv2d_2`, …
  private mutating func nextName(_ kind: String) -> String {
    let count = counts[kind, default: 0]
    counts[kind] = count + 1
    return count == 0 ? kind : "\(kind)_\(count)"
  }
}
