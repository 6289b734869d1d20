import Foundation
import GraftFormats
import GraftGraph
import GraftTensors

/// Binds the tensors of a Keras weight file to the parameters of one graph, checking every shape.
struct KerasBinder {
  let file: KerasWeights
  /// The file's name, for messages and for the one thing that only it tells.
  let fileName: String
  let graph: LayerGraph
  /// How many of the file's last layers with weights the graph has no place for.
  var unusedLayers = 0

  func bind() throws(ImportError) -> (parameters: Parameters, report: LoadReport) {
    var report = LoadReport()
    let pairs = try pairedLayers(&report)
    var tensors: [(ParameterSpecification, Tensor)] = []
    for (node, layer) in pairs {
      guard node.parameters.count == layer.weights.count else {
        throw .tensorCount(
          file: fileName, layer: layer.name, expected: node.parameters.count, found: layer.weights.count)
      }
      for (parameter, weight) in zip(node.parameters, layer.weights) {
        tensors.append((parameter, weight.tensor))
        report.bound.append(.init(parameter: parameter.name, source: "\(layer.name)/\(weight.name)"))
      }
    }
    let order = KernelOrder.detected(in: tensors, backend: file.backend)
    try checkShapes(tensors, report.bound, order: order)
    let parameters = convert(tensors, order: order, &report)
    return (parameters, report)
  }

  /// The graph's layers with weights, each with its layer in the file: by name where all names are there, else by order.
  private func pairedLayers(_ report: inout LoadReport) throws(ImportError) -> [(LayerGraph.Node, KerasWeights.Layer)] {
    let nodes = graph.kerasLayerOrder.filter { !$0.parameters.isEmpty }
    let layers = file.layers.filter { !$0.weights.isEmpty }
    let byName = Dictionary(layers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let named = nodes.compactMap { node in byName[node.layer.name].map { (node, $0) } }
    if named.count == nodes.count {
      let used = Set(nodes.map(\.layer.name))
      report.unused = layers.filter { !used.contains($0.name) }.flatMap(\.tensorNames)
      return named
    }
    report.matching = .order
    report.unused = layers.suffix(unusedLayers).flatMap(\.tensorNames)
    guard layers.count - unusedLayers == nodes.count else {
      throw .wrongArchitecture(
        file: fileName, architecture: "this network", expected: [nodes.count], found: layers.count,
        examples: layers.prefix(3).map(\.name), likely: nil)
    }
    return Array(zip(nodes, layers))
  }

  private func checkShapes(
    _ tensors: [(ParameterSpecification, Tensor)], _ bindings: [LoadReport.Binding], order: KernelOrder
  ) throws(ImportError) {
    let multipliers = depthMultipliers
    for ((parameter, tensor), binding) in zip(tensors, bindings) {
      let expected = order.fileShape(of: parameter, multiplier: multipliers[parameter.layer] ?? 1)
      guard tensor.shape == expected else {
        throw .shapeMismatch(
          file: fileName, layer: parameter.layer, tensor: binding.source, expected: expected, found: tensor.shape,
          likelyCause: likelyCause(parameter, order, expected: expected, found: tensor.shape))
      }
    }
  }

  private func likelyCause(
    _ parameter: ParameterSpecification, _ order: KernelOrder, expected: Shape, found: Shape
  ) -> String {
    if parameter.role == .kernel, expected.rank == 2, found.rank == 2, expected[1] == found[1] {
      return "The layer's input has another size: the file was probably saved for images of another size"
    }
    let channels = order == .theano ? 1 : 2
    if parameter.role == .kernel, expected.rank == 4, found.rank == 4, expected[channels] != found[channels],
      expected[channels] == 3 || found[channels] == 3
    {
      return "The number of input channels differs: the file was probably saved for other images (grey, or with alpha)"
    }
    let outputs = order == .theano && expected.rank == 4 ? 0 : expected.rank - 1
    if expected.rank == found.rank, expected[outputs] != found[outputs] {
      return "The layer is wider or narrower: the file is probably of another width, or of another network"
    }
    return "The file is probably of another network"
  }

  /// Brings the tensors into Graft's layout. Only Theano's need a copy.
  private func convert(
    _ tensors: [(ParameterSpecification, Tensor)], order: KernelOrder, _ report: inout LoadReport
  ) -> Parameters {
    let isFlipped = hasTheanoKernels(order)
    if order == .theano { report.conversions.append("kernels in Theano's order [out, in, height, width]") }
    if isFlipped {
      report.conversions.append("kernels flipped in height and width (Theano convolves, Graft correlates)")
    }
    let mapShapes = order == .theano ? flattenedMaps : [:]
    if !mapShapes.isEmpty { report.conversions.append("rows after Flatten reordered from [C, H, W] to [H, W, C]") }
    var parameters = Parameters()
    for (parameter, tensor) in tensors {
      var logical = order.logical(tensor, for: parameter)
      if isFlipped, parameter.role == .kernel, logical.shape.rank == 4 { logical = logical.flipped(axes: [2, 3]) }
      if let map = mapShapes[parameter.layer], parameter.role == .kernel {
        let rows = logical.reshaped(Shape([logical.shape[0]] + map.dimensions))
        logical = rows.permuted([0, 2, 3, 1]).reshaped(logical.shape)
      }
      parameters[parameter.name] = logical
    }
    return parameters
  }

  /// Whether the kernels were learnt by Theano, which convolves where all others correlate. Files of Keras 1 do not say;
  /// the published ones of channels-first order ran on Theano unless their name has `tf_kernels`.
  private func hasTheanoKernels(_ order: KernelOrder) -> Bool {
    if let backend = file.backend { return backend == "theano" }
    return order == .theano && !fileName.contains("tf_kernels")
  }

  /// How many outputs each channel has in the depthwise convolutions.
  private var depthMultipliers: [String: Int] {
    var multipliers: [String: Int] = [:]
    for node in graph.nodes {
      switch node.layer {
      case let layer as DepthwiseConv2D: multipliers[layer.name] = layer.multiplier
      case let layer as SeparableConv2D: multipliers[layer.name] = layer.multiplier
      default: break
      }
    }
    return multipliers
  }

  /// Dense layers that follow a channels-last Flatten, with the feature map that it flattens.
  private var flattenedMaps: [String: Shape] {
    var maps: [String: Shape] = [:]
    for node in graph.nodes where node.layer is Dense {
      var feed = node.inputs.first.flatMap { graph[$0] }
      // What works on each number for itself leaves the order as it is.
      while let above = feed, above.layer is Dropout || above.layer is Activation {
        feed = above.inputs.first.flatMap { graph[$0] }
      }
      guard let feed, let flatten = feed.layer as? Flatten, flatten.order == .channelsLast,
        let map = feed.inputs.first.flatMap({ graph[$0]?.shape }), map.rank == 3
      else { continue }
      maps[node.layer.name] = map
    }
    return maps
  }
}

extension KerasWeights.Layer {
  var tensorNames: [String] { weights.map { "\(name)/\($0.name)" } }
}
