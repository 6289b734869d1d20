import GraftFormats
import GraftGraph
import GraftTensors

/// The graph that converters write to, with what they need to know of the model as a whole.
struct KerasGraphWriter {
  private(set) var graph = LayerGraph()
  let layout: KerasLayout
  let generation: KerasConfiguration.Generation
  /// Whether the model was run by Theano, which pads and convolves otherwise.
  let ranOnTheano: Bool
  /// Tensors out of the configuration itself.
  private(set) var constants = Parameters()
  /// What each layer wants of the weight file, in the file's order.
  private(set) var slots: [KerasNames.Path: [KerasWeightSlot]] = [:]
  var names: KerasNames

  /// Far more than any network has. Nested models that are called often multiply.
  static let mostNodes = 100_000

  init(layout: KerasLayout, generation: KerasConfiguration.Generation, ranOnTheano: Bool, names: KerasNames) {
    self.layout = layout
    self.generation = generation
    self.ranOnTheano = ranOnTheano
    self.names = names
  }

  func shape(_ node: String) throws(GraphError) -> Shape { try graph.node(node).shape }

  /// Adds a layer and returns the name of its node.
  @discardableResult
  mutating func add(_ layer: some Layer, after inputs: [String], as name: String? = nil) throws -> String {
    guard graph.nodes.count < Self.mostNodes else {
      throw KerasRefusal("with it the network would have more than \(Self.mostNodes) steps")
    }
    return try graph.add(layer, after: inputs, as: names.fresh(name ?? layer.name))
  }

  /// A tensor of the configuration's own as a node.
  mutating func addConstant(_ tensor: Tensor, named name: String) throws -> String {
    let name = names.fresh(name)
    constants["\(name)/\(ParameterSpecification.Role.value.rawValue)"] = tensor
    return try graph.add(Constant(name, shape: tensor.shape), as: name)
  }

  /// Says what a layer wants of the weight file; a layer that is called again wants no more.
  mutating func expect(_ slots: [KerasWeightSlot], for path: KerasNames.Path) {
    if self.slots[path] == nil { self.slots[path] = slots }
  }

  mutating func setOutputs(_ names: [String]) throws(GraphError) { try graph.setOutputs(names) }
}
