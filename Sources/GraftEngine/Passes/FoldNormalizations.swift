import Foundation
import GraftGraph
import GraftTensors

/// Makes a normalisation by moving statistics part of the convolution or dense layer before it: one multiplication and one
/// addition for each channel, done once with the layer's own numbers.
///
/// The merged node takes the normalisation's name, which is what its consumers know. For inference only: where the layers
/// train, their numbers are apart.
enum FoldNormalizations {
  /// - Returns: the graph, and what must be done to the parameters for it.
  static func apply(to graph: LayerGraph) throws(GraphError) -> (LayerGraph, [NormalizationFolding]) {
    let consumers = graph.consumerCounts
    // A layer that several nodes share is followed by more than one normalisation.
    let uses = Dictionary(graph.nodes.map { ($0.layer.name, 1) }, uniquingKeysWith: +)
    var foldings: [NormalizationFolding] = []
    var merged: [String: MergedNode] = [:]
    var absorbed: Set<String> = []
    for node in graph.nodes {
      guard let normalization = node.layer as? BatchNormalization,
        let producer = node.inputs.first.flatMap({ graph[$0] }), consumers[producer.name] == 1,
        uses[producer.layer.name] == 1, uses[normalization.name] == 1,
        let layer = producer.layer as? any LinearLayer, layer.activation == .linear,
        let folding = NormalizationFolding(of: normalization, node, into: producer)
      else { continue }
      foldings.append(folding)
      merged[node.name] = MergedNode(layer: layer.withBias(), inputs: producer.inputs)
      absorbed.insert(producer.name)
    }
    return (try graph.merging(merged, absorbing: absorbed), foldings)
  }
}

/// A normalisation that became part of a layer.
struct NormalizationFolding {
  private let kernel: ParameterSpecification
  private let bias: ParameterSpecification
  private let hadBias: Bool
  private let epsilon: Float
  private let gamma, beta: ParameterSpecification?
  private let mean, variance: ParameterSpecification

  fileprivate init?(of normalization: BatchNormalization, _ node: LayerGraph.Node, into producer: LayerGraph.Node) {
    func parameter(_ roles: ParameterSpecification.Role..., of node: LayerGraph.Node) -> ParameterSpecification? {
      node.parameters.first { roles.contains($0.role) }
    }
    guard
      let kernel = parameter(.pointwiseKernel, of: producer) ?? parameter(.kernel, .depthwiseKernel, of: producer),
      let mean = parameter(.movingMean, of: node), let variance = parameter(.movingVariance, of: node)
    else { return nil }
    self.kernel = kernel
    let own = parameter(.bias, of: producer)
    hadBias = own != nil
    bias =
      own ?? ParameterSpecification(layer: producer.layer.name, role: .bias, shape: mean.shape, initializer: .zeros)
    epsilon = normalization.epsilon
    gamma = parameter(.gamma, of: node)
    beta = parameter(.beta, of: node)
    (self.mean, self.variance) = (mean, variance)
  }

  /// Every parameter that goes in.
  var sources: [ParameterSpecification] {
    [kernel, mean, variance] + [gamma, beta, hadBias ? bias : nil].compactMap { $0 }
  }

  /// Names of the parameters that come out.
  var results: [String] { [kernel.name, bias.name] }

  /// The kernel or the bias that does both at once: with s = γ / √(variance + ε), s · kernel or s · (bias − mean) + β.
  ///
  /// - Parameters:
  ///   - name: one of `results`.
  ///   - scratch: where to put a kernel that is not kept.
  /// - Throws: `EngineError` where a parameter is missing or of another shape.
  func folded(
    _ name: String, from parameters: Parameters, in scratch: TensorScratch = TensorScratch()
  ) throws(EngineError) -> Tensor {
    // In float64 until the end: an error that all weights of a channel share would grow from layer to layer.
    func numbers(_ specification: ParameterSpecification?, orElse value: Double) throws(EngineError) -> [Double] {
      guard let specification else { return [Double](repeating: value, count: mean.shape.count) }
      return try specification.validated(parameters[specification.name]).floats.map(Double.init)
    }
    let variances = try numbers(variance, orElse: 1)
    let scales = zip(try numbers(gamma, orElse: 1), variances).map { $0 / ($1 + Double(epsilon)).squareRoot() }
    if name == kernel.name {
      return try kernel.validated(parameters[kernel.name]).converted(to: .float32).scalingRows(by: scales, in: scratch)
    }
    let (means, shifts) = (try numbers(mean, orElse: 0), try numbers(beta, orElse: 0))
    let biases = try numbers(hadBias ? bias : nil, orElse: 0)
    return Tensor(
      scales.indices.map { Float(scales[$0] * (biases[$0] - means[$0]) + shifts[$0]) }, shape: bias.shape)
  }
}
