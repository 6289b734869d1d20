import GraftGraph
import GraftTensors

/// A graph with its numbers, being rewritten: nodes may be replaced and bypassed, and those that nobody reads any more are
/// gone in the end.
struct NetworkDraft {
  struct Node {
    var name: String
    var layer: any Layer
    var inputs: [String]
    let shape: Shape
  }

  private(set) var nodes: [Node]
  private(set) var outputs: [String]
  var parameters: Parameters
  /// Names of values of the file, by the names of the parameters that they became.
  var sources: [String: String]
  private var indices: [String: Int]
  private var readers: [String: Int] = [:]
  /// How many nodes each layer is in.
  private var uses: [String: Int] = [:]

  init(_ graph: LayerGraph, outputs: [String], parameters: Parameters, sources: [String: String]) {
    nodes = graph.nodes.map { Node(name: $0.name, layer: $0.layer, inputs: $0.inputs, shape: $0.shape) }
    indices = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
    self.outputs = outputs
    self.parameters = parameters
    self.sources = sources
    for node in nodes {
      uses[node.layer.name, default: 0] += 1
      for input in node.inputs { readers[input, default: 0] += 1 }
    }
    for output in outputs { readers[output, default: 0] += 1 }
  }

  subscript(name: String) -> Node? { indices[name].map { nodes[$0] } }

  /// The node, if it has one reader and its layer stands in one place: so that the reader may take it over.
  func onlyRead(_ name: String) -> Node? {
    guard readers[name] == 1, let node = self[name], uses[node.layer.name] == 1 else { return nil }
    return node
  }

  /// The numbers of a `Constant`, as its layer has them.
  func constant(_ name: String) -> (tensor: Tensor, source: String)? {
    guard let node = self[name], node.layer is Constant else { return nil }
    let parameter = "\(node.layer.name)/\(ParameterSpecification.Role.value.rawValue)"
    return parameters[parameter].map { ($0, sources[parameter] ?? "") }
  }

  /// One number for each channel of `shape`, where a `Constant` beside it is that.
  func channelConstant(_ name: String, beside shape: Shape) -> (values: [Float], source: String)? {
    guard let (tensor, source) = constant(name), let channels = shape.dimensions.first else { return nil }
    let own = tensor.shape.dimensions
    guard own.count == shape.rank, own.dropFirst().allSatisfy({ $0 == 1 }), [1, channels].contains(own[0]) else {
      return nil
    }
    let values = tensor.floats
    return (values.count == channels ? values : [Float](repeating: values[0], count: channels), source)
  }

  /// Puts another layer in the place of a node; what it read before may thereby lose its last reader.
  mutating func replace(_ name: String, with layer: any Layer, after inputs: [String]) {
    guard let index = indices[name] else { return }
    for input in inputs { readers[input, default: 0] += 1 }
    uses[layer.name, default: 0] += 1
    release(index)
    nodes[index].layer = layer
    nodes[index].inputs = inputs
  }

  /// Lets all that read `name` read `other`.
  mutating func bypass(_ name: String, to other: String) {
    guard name != other else { return }
    for index in nodes.indices {
      for position in nodes[index].inputs.indices where nodes[index].inputs[position] == name {
        nodes[index].inputs[position] = other
        readers[other, default: 0] += 1
      }
    }
    for position in outputs.indices where outputs[position] == name {
      outputs[position] = other
      readers[other, default: 0] += 1
    }
    readers[name] = 0
    if let index = indices[name] {
      release(index)
      nodes[index].inputs = []
    }
  }

  /// Takes back what a node reads, and what nobody reads after that.
  private mutating func release(_ index: Int) {
    uses[nodes[index].layer.name, default: 1] -= 1
    for input in nodes[index].inputs {
      readers[input, default: 1] -= 1
      guard readers[input] == 0, let unread = indices[input], !(nodes[unread].layer is InputLayer) else { continue }
      release(unread)
      nodes[unread].inputs = []
    }
  }

  func isRead(_ name: String) -> Bool { readers[name, default: 0] > 0 }

  /// Calls nodes as their layers are called: one that took another's layer over still bears its own name.
  ///
  /// - Returns: the new names by the old ones.
  mutating func renameNodesByLayers() -> [String: String] {
    let read = nodes.filter { isRead($0.name) || $0.layer is InputLayer }
    var taken = Set(read.map(\.name))
    var renamed: [String: String] = [:]
    for node in read
    where node.name != node.layer.name && uses[node.layer.name] == 1 && taken.insert(node.layer.name).inserted {
      renamed[node.name] = node.layer.name
    }
    nodes = read
    for index in nodes.indices {
      nodes[index].name = renamed[nodes[index].name] ?? nodes[index].name
      nodes[index].inputs = nodes[index].inputs.map { renamed[$0] ?? $0 }
    }
    outputs = outputs.map { renamed[$0] ?? $0 }
    readers = Dictionary(readers.map { (renamed[$0] ?? $0, $1) }) { max($0, $1) }
    indices = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
    return renamed
  }

  /// A graph of what is read.
  func graph() throws(GraphError) -> LayerGraph {
    var graph = LayerGraph()
    for node in nodes where node.layer is InputLayer || isRead(node.name) {
      try graph.add(node.layer, after: node.inputs, as: node.name)
    }
    try graph.setOutputs(outputs)
    return graph
  }
}
