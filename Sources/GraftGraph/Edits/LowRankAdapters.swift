import GraftTensors

/// Layers of a network that hold still while a product of two small kernels learns beside each: W · x + B · (A · x). Hu et al., "LoRA",
/// arXiv:2106.09685; on convolutions A is a convolution of the same window to few channels, B one of 1 × 1 back to all.
///
/// B starts with zeros, so that nothing changes until something is learnt. Because a convolution after a convolution without an
/// activation between them is one, `merged` gives a network of the layers that there were, with other numbers.
public struct LowRankAdapters: Sendable {
  /// Of the products, at most: no layer needs more than its kernel's own rank.
  public let rank: Int
  /// The layers, by the names of the nodes that stand for them.
  fileprivate let originals: [String: any Layer]

  /// Names of the layers.
  public var layers: Set<String> { Set(originals.values.map(\.name)) }

  /// Names of all A.
  public var downKernels: Set<String> { Set(layers.map { "\(Self.names(beside: $0).down)/kernel" }) }

  /// Names of the layers that learn beside a layer: A, then B.
  public static func names(beside layer: String) -> (down: String, up: String) {
    ("\(layer)/lora_a", "\(layer)/lora_b")
  }

  /// Whether a layer can have one: a dense layer, and a convolution of all channels together. Depthwise kernels are smaller than
  /// any product would be.
  public static func suits(_ layer: any Layer) -> Bool {
    layer is Dense || (layer as? Conv2D).map { $0.groups == 1 } ?? false
  }
}

extension LayerGraph {
  /// The network with low-rank adapters beside some layers. Nodes keep their names; what a node was made of has names below its own.
  ///
  /// - Parameters:
  ///   - layers: those that adapters do not suit are passed over.
  ///   - rank: at least 1.
  /// - Throws: `GraphError.duplicateName` where the network has such names already.
  public func addingLowRankAdapters(
    beside layers: Set<String>, rank: Int
  ) throws(GraphError) -> (graph: LayerGraph, adapters: LowRankAdapters) {
    precondition(rank > 0, "adapters of rank \(rank)")
    var graph = LayerGraph()
    var originals: [String: any Layer] = [:]
    for node in nodes {
      graph.beginStage(node.stage)
      guard layers.contains(node.layer.name), LowRankAdapters.suits(node.layer),
        let kernel = node.parameters.first(where: { $0.role == .kernel })
      else {
        try graph.add(node.layer, after: node.inputs, as: node.name)
        continue
      }
      let units = kernel.shape[0]
      try graph.addAdapted(node, rank: min(rank, units, kernel.shape.count / max(units, 1)))
      originals[node.name] = node.layer
    }
    graph.beginStage(nil)
    try graph.setOutputs(outputs)
    return (graph, LowRankAdapters(rank: rank, originals: originals))
  }

  private mutating func addAdapted(_ node: Node, rank: Int) throws(GraphError) {
    let names = LowRankAdapters.names(beside: node.layer.name)
    let places = LowRankAdapters.names(beside: node.name)
    let held: String
    let (activation, learnt): (Activation.Function, String)
    switch node.layer {
    case var layer as Conv2D:
      activation = layer.activation
      layer.activation = .linear
      held = try add(layer, after: node.inputs, as: node.name + LowRankAdapters.held)
      (layer.name, layer.filters, layer.usesBias) = (names.down, rank, false)
      let down = try add(layer, after: node.inputs, as: places.down)
      let up = Conv2D(names.up, filters: node.shape[0], kernel: 1, usesBias: false)
      learnt = try add(up, after: [down], as: places.up)
    case var layer as Dense:
      activation = layer.activation
      layer.activation = .linear
      held = try add(layer, after: node.inputs, as: node.name + LowRankAdapters.held)
      let down = try add(Dense(names.down, units: rank, usesBias: false), after: node.inputs, as: places.down)
      learnt = try add(Dense(names.up, units: layer.units, usesBias: false), after: [down], as: places.up)
    default: return
    }
    let sum = node.name + LowRankAdapters.sum
    guard activation != .linear else {
      try add(Add(sum), after: [held, learnt], as: node.name)
      return
    }
    try add(Add(sum), after: [held, learnt])
    try add(Activation(node.name + LowRankAdapters.activation, activation), as: node.name)
  }
}

extension LowRankAdapters {
  fileprivate static let held = "/held"
  fileprivate static let sum = "/sum"
  fileprivate static let activation = "/activation"

  /// What the adapters start from: A as a fresh layer's kernel, B zeros.
  ///
  /// - Parameter graph: with adapters.
  public func initialized(in graph: LayerGraph, seed: UInt64) -> Parameters {
    let names = layers.map { Self.names(beside: $0) }
    let (down, up) = (Set(names.map(\.down)), Set(names.map(\.up)))
    var parameters = Parameters.initialized(graph.parameters.filter { down.contains($0.layer) }, seed: seed)
    for parameter in graph.parameters where up.contains(parameter.layer) {
      parameters[parameter.name] = Tensor(zeros: parameter.shape)
    }
    return parameters
  }

  /// Only those beside some of the layers.
  public func filtered(to layers: Set<String>) -> LowRankAdapters {
    LowRankAdapters(rank: rank, originals: originals.filter { layers.contains($0.value.name) })
  }

  /// The network without its adapters, whatever else has been done to it since.
  public func merged(_ graph: LayerGraph) throws(GraphError) -> LayerGraph {
    var merged = LayerGraph()
    let parts = Set(
      originals.keys.flatMap { name in
        let places = Self.names(beside: name)
        return [name + Self.held, places.down, places.up, name + Self.sum]
      })
    for node in graph.nodes where !parts.contains(node.name) {
      merged.beginStage(node.stage)
      if let layer = originals[node.name] {
        try merged.add(layer, after: try graph.node(node.name + Self.held).inputs, as: node.name)
      } else {
        try merged.add(node.layer, after: node.inputs, as: node.name)
      }
    }
    merged.beginStage(nil)
    try merged.setOutputs(graph.outputs)
    return merged
  }

  /// The numbers of the network without its adapters: each kernel W becomes W + B · A. One beside which nothing has been learnt keeps
  /// its bytes.
  public func merged(_ parameters: Parameters) -> Parameters {
    var merged = parameters
    for layer in layers {
      let names = Self.names(beside: layer)
      let kernel = "\(layer)/kernel"
      if let held = parameters[kernel], let down = parameters["\(names.down)/kernel"],
        let up = parameters["\(names.up)/kernel"]
      {
        let (down, up) = (down.floats, up.floats)
        if up.contains(where: { $0 != 0 }) {
          merged[kernel] = Tensor(Self.sum(held.floats, up, down, units: held.shape[0]), shape: held.shape)
        }
      }
      merged["\(names.down)/kernel"] = nil
      merged["\(names.up)/kernel"] = nil
    }
    return merged
  }

  /// `[units, fan-in]` plus the product of `[units, rank]` and `[rank, fan-in]`.
  private static func sum(_ held: [Float], _ up: [Float], _ down: [Float], units: Int) -> [Float] {
    var sum = held
    let (rank, width) = (up.count / units, held.count / units)
    sum.withUnsafeMutableBufferPointer { sum in
      down.withUnsafeBufferPointer { down in
        for unit in 0..<units {
          for part in 0..<rank {
            let factor = up[unit * rank + part]
            for place in 0..<width { sum[unit * width + place] += factor * down[part * width + place] }
          }
        }
      }
    }
    return sum
  }
}
