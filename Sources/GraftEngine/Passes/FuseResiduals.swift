import GraftGraph
import GraftTensors

/// Makes an addition part of the convolution that computes one of its terms, so that the sum costs no pass of its own.
///
/// For inference: the backward pass of an addition is free, and a training needs both terms' producers as they are.
enum FuseResiduals {
  static func apply(to graph: LayerGraph) throws(GraphError) -> LayerGraph {
    let consumers = graph.consumerCounts
    let positions = Dictionary(uniqueKeysWithValues: graph.nodes.enumerated().map { ($1.name, $0) })
    var merged: [String: MergedNode] = [:]
    var absorbed: Set<String> = []
    for node in graph.nodes where node.layer is Add && node.inputs.count == 2 {
      let terms = node.inputs.compactMap { graph[$0] }
      guard terms.count == 2, terms.allSatisfy({ $0.shape == node.shape }) else { continue }
      // The later one, so that the other is there when it runs.
      let later = (positions[terms[0].name] ?? 0) > (positions[terms[1].name] ?? 0) ? 0 : 1
      let producer = terms[later]
      guard consumers[producer.name] == 1, let layer = ResidualConvolution(producer.layer) else { continue }
      merged[node.name] = MergedNode(layer: layer, inputs: producer.inputs + [terms[1 - later].name])
      absorbed.insert(producer.name)
    }
    return try graph.merging(merged, absorbing: absorbed)
  }
}

/// A convolution of its first input with its second added, and then its activation: what `FuseResiduals` makes; no file
/// holds one.
struct ResidualConvolution: LinearLayer {
  enum Base: Hashable, Codable {
    case plain(Conv2D)
    case separable(SeparableConv2D)
  }

  static let kind = "ResidualConvolution"
  private var base: Base

  /// - Returns: nil where the layer is no convolution, or not linear.
  init?(_ layer: any Layer) {
    switch layer {
    case let layer as Conv2D where layer.activation == .linear: base = .plain(layer)
    case let layer as SeparableConv2D where layer.activation == .linear: base = .separable(layer)
    default: return nil
    }
  }

  var convolution: any Lowerable & LinearLayer {
    get {
      switch base {
      case .plain(let layer): layer
      case .separable(let layer): layer
      }
    }
    set {
      switch newValue {
      case let layer as Conv2D: base = .plain(layer)
      case let layer as SeparableConv2D: base = .separable(layer)
      default: break
      }
    }
  }

  var name: String {
    get { convolution.name }
    set { convolution.name = newValue }
  }

  var usesBias: Bool {
    get { convolution.usesBias }
    set { convolution.usesBias = newValue }
  }

  var activation: Activation.Function {
    get { convolution.activation }
    set { convolution.activation = newValue }
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
