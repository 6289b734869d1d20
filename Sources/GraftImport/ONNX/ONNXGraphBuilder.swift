import GraftFormats
import GraftGraph
import GraftTensors

/// A graph under construction, with the numbers of its layers and whence they came.
struct ONNXGraphBuilder {
  private(set) var graph = LayerGraph()
  private(set) var parameters = Parameters()
  /// Names of values of the file, by the names of the parameters that they became.
  private(set) var sources: [String: String] = [:]
  /// Whether the file was written by PyTorch, whose moving variances are unbiased.
  let isFromPyTorch: Bool
  /// How many images the file is for, where it says.
  let batchSize: Int?
  private var names: Set<String> = []
  private var sharedLayers: [String: (layer: any Layer, sources: [String])] = [:]
  private var arranged: [String: ONNXActivation] = [:]

  init(isFromPyTorch: Bool, batchSize: Int?) {
    self.isFromPyTorch = isFromPyTorch
    self.batchSize = batchSize
  }

  /// `wanted`, or with a number after it where that is taken.
  mutating func uniqueName(_ wanted: String) -> String {
    let base = wanted.isEmpty ? "layer" : wanted
    if names.insert(base).inserted { return base }
    var number = 1
    while !names.insert("\(base)_\(number)").inserted { number += 1 }
    return "\(base)_\(number)"
  }

  /// Adds a layer under its name, or a similar one where that is taken.
  mutating func add(_ layer: some Layer, after inputs: [String]) throws -> ONNXActivation {
    var layer = layer
    layer.name = uniqueName(layer.name)
    let node = try graph.add(layer, after: inputs)
    return ONNXActivation(node, graph[node]?.shape ?? [])
  }

  /// Adds a layer that works on each element, so that ONNX's view of the axes stays.
  mutating func addElementwise(_ layer: some Layer, after input: ONNXActivation) throws -> ONNXActivation {
    let output = try add(layer, after: [input.node])
    return ONNXActivation(output.node, output.shape, axes: input.axes)
  }

  /// Adds a layer with weights.
  ///
  /// - Parameters:
  ///   - weights: the layer's tensors, each with the name of the value that it is.
  ///   - shared: the value by which two layers are one: a kernel in two places trains in both.
  /// - Throws: `ONNXRefusal` where the value feeds a layer already that is another one.
  mutating func add(
    _ layer: some Layer, after inputs: [String], weights: [(role: ParameterSpecification.Role, Tensor, source: String)],
    sharing shared: String? = nil
  ) throws -> ONNXActivation {
    let origins = weights.map(\.source)
    if let shared, let other = sharedLayers[shared] {
      var same = layer
      same.name = other.layer.name
      guard AnyHashable(same) == AnyHashable(other.layer), origins == other.sources else {
        throw ONNXRefusal(
          "it shares the kernel “\(shared)” with “\(other.layer.name)” but differs from it otherwise, so that the two "
            + "cannot train as one layer")
      }
      let node = try graph.add(same, after: inputs, as: uniqueName(layer.name))
      return ONNXActivation(node, graph[node]?.shape ?? [])
    }
    let output = try add(layer, after: inputs)
    guard let added = graph[output.node] else { return output }
    for (role, tensor, source) in weights {
      guard let specification = added.parameters.first(where: { $0.role == role }) else { continue }
      guard tensor.shape.count == specification.shape.count else {
        throw ONNXRefusal(
          "“\(source)” has the shape \(tensor.shape), where its \(role.rawValue) needs \(specification.shape)")
      }
      parameters[specification.name] = tensor.converted(to: .float32).reshapedIfNeeded(specification.shape)
      sources[specification.name] = source
    }
    if let shared { sharedLayers[shared] = (added.layer, origins) }
    return output
  }

  /// Adds numbers of the file as a node of their own.
  mutating func addConstant(_ tensor: Tensor, shape: Shape, name: String, source: String) throws -> ONNXActivation {
    try add(
      Constant(name, shape: shape), after: [], weights: [(.value, tensor.reshapedIfNeeded(shape), source)])
  }

  /// The activation laid out as ONNX sees it, through a layer where it is not.
  mutating func inOrder(_ value: ONNXActivation) throws -> ONNXActivation {
    try arrange(value, value.axes)
  }

  /// The activation with its node's axes in another order; ONNX's view of it stays.
  ///
  /// - Parameter order: for each axis of the new node, the axis of the old one that it is.
  mutating func arrange(_ value: ONNXActivation, _ order: [Int]) throws -> ONNXActivation {
    guard order != Array(order.indices) else { return value }
    let key = "\(value.node) \(order)"
    let axes = value.axes.map { axis in order.firstIndex(of: axis) ?? axis }
    if let known = arranged[key] { return ONNXActivation(known.node, known.shape, axes: axes) }
    let target = Shape(order.map { value.shape[$0] })
    // Axes of one element move without any number moving.
    let long = order.filter { value.shape[$0] > 1 }
    let moved =
      long == long.sorted()
      ? try add(Reshape("\(value.node)_reshaped", shape: target, order: .channelsFirst), after: [value.node])
      : try add(Permute("\(value.node)_permuted", axes: order), after: [value.node])
    arranged[key] = moved
    return ONNXActivation(moved.node, moved.shape, axes: axes)
  }

  /// The activation as a feature map in order.
  mutating func featureMap(_ value: ONNXActivation) throws -> ONNXActivation {
    guard value.shape.rank == 3 else {
      let rank = value.shape.rank
      let word = rank == 2 ? "one-dimensional" : rank == 4 ? "three-dimensional" : "flat"
      throw ONNXRefusal("it works on \(word) data \(value.seenShape); only feature maps [C, H, W] are supported")
    }
    return try inOrder(value)
  }
}

extension Tensor {
  /// The same elements under another shape of as many; the tensor itself where it has it, strides and all.
  func reshapedIfNeeded(_ newShape: Shape) -> Tensor {
    shape == newShape ? self : reshaped(newShape)
  }
}
