import GraftGraph
import GraftTensors

/// Makes an addition part of the convolution that computes one of its terms, so that the sum costs no pass of its own.
///
/// For inference: the backward pass of an addition is free, and a training needs both terms' producers as they are.
enum FuseResiduals {
  static func apply(to graph: LayerGraph) throws(GraphError) -> LayerGraph {
    let consumers = graph.consumerCounts
    let positions = Dictionary(uniqueKeysWithValues: graph.nodes.enumerated().map { ($1.name, $0) })
    var fused: [String: (layer: ResidualConvolution, inputs: [String])] = [:]
    var removed: Set<String> = []
    for node in graph.nodes where node.layer is Add && node.inputs.count == 2 {
      let terms = node.inputs.compactMap { graph[$0] }
      guard terms.count == 2, terms.allSatisfy({ $0.shape == node.shape }) else { continue }
      // The later one, so that the other is there when it runs.
      let later = (positions[terms[0].name] ?? 0) > (positions[terms[1].name] ?? 0) ? 0 : 1
      let producer = terms[later]
      guard consumers[producer.name] == 1, let layer = ResidualConvolution(producer.layer) else { continue }
      fused[node.name] = (layer, producer.inputs + [terms[1 - later].name])
      removed.insert(producer.name)
    }
    var result = LayerGraph()
    for node in graph.nodes where !removed.contains(node.name) {
      if let (layer, inputs) = fused[node.name] {
        try result.add(layer, after: inputs, as: node.name)
      } else {
        try result.add(node.layer, after: node.inputs, as: node.name)
      }
    }
    try result.setOutputs(graph.outputs)
    return result
  }
}

/// A convolution of its first input with its second added: what `FuseResiduals` makes; no file holds one.
struct ResidualConvolution: Layer {
  enum Base: Hashable, Codable {
    case plain(Conv2D)
    case separable(SeparableConv2D)
  }

  static let kind = "ResidualConvolution"
  var base: Base
  /// Of the sum.
  var activation = Activation.Function.linear

  /// - Returns: nil where the layer is no convolution, or not linear.
  init?(_ layer: any Layer) {
    switch layer {
    case let layer as Conv2D where layer.activation == .linear: base = .plain(layer)
    case let layer as SeparableConv2D where layer.activation == .linear: base = .separable(layer)
    default: return nil
    }
  }

  private var convolution: any Layer {
    switch base {
    case .plain(let layer): layer
    case .separable(let layer): layer
    }
  }

  var name: String {
    get { convolution.name }
    set {
      switch base {
      case .plain(var layer):
        layer.name = newValue
        base = .plain(layer)
      case .separable(var layer):
        layer.name = newValue
        base = .separable(layer)
      }
    }
  }

  func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try convolution.outputShape(of: Array(inputs.prefix(1)))
  }

  func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    try convolution.parameters(for: Array(inputs.prefix(1)))
  }

  func multiplyAdds(for inputs: [Shape]) throws(GraphError) -> Int {
    try convolution.multiplyAdds(for: Array(inputs.prefix(1)))
  }
}
