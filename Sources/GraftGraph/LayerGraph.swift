import GraftTensors

/// A network: layers, each fed by others, from inputs to outputs.
///
/// Valid by construction: a layer can be added only after the ones that feed it, so that the order of `nodes` is
/// topological, and only where the shapes fit, so that every node knows its shape.
public struct LayerGraph: Sendable {
  public struct Node: Sendable {
    /// What other nodes and the user call this output.
    public let name: String
    public let layer: any Layer
    /// Names of the nodes that feed the layer.
    public let inputs: [String]
    /// The output for one image.
    public let shape: Shape
    public let parameters: [ParameterSpecification]
    public let multiplyAdds: Int
    /// Work of other kinds than multiply-adds; see `Layer.elementOperations(for:)`.
    public let elementOperations: Int
    /// The stage or block that the layer belongs to, in the network's own words: `block5`, `conv4`. Where it has none for any
    /// node, see `stageByNode`.
    public let stage: String?
  }

  public private(set) var nodes: [Node] = []
  private var indices: [String: Int] = [:]
  /// By the parameters' names.
  private var parameterShapes: [String: Shape] = [:]
  private var chosenOutputs: [String]?
  private var currentStage: String?

  /// Beyond any network and any memory: what is larger comes from a damaged or hostile file.
  private static let largestDimension = 1 << 28
  private static let largestCount = 1 << 40

  public init() {}

  /// A graph that begins with an image of the given shape, `[C, H, W]`.
  public init(input shape: Shape, name: String = "input_1") throws(GraphError) {
    try add(InputLayer(name, shape: shape))
  }

  /// Adds a layer and returns the name of its node.
  ///
  /// Several nodes may share one layer: they have one set of parameters, whose gradient is the sum of theirs.
  ///
  /// - Parameters:
  ///   - layer: what to compute.
  ///   - inputs: the nodes that feed it; the node added last where none is named.
  ///   - name: what to call the output; the layer's name where nil. The parameters keep the layer's.
  @discardableResult
  public mutating func add(
    _ layer: some Layer, after inputs: [String] = [], as name: String? = nil
  ) throws(GraphError) -> String {
    let name = name ?? layer.name
    guard indices[name] == nil else { throw .duplicateName(name) }
    let isSource = layer is InputLayer || layer is Constant
    let feeds = inputs.isEmpty && !isSource ? nodes.suffix(1).map(\.name) : inputs
    var shapes: [Shape] = []
    for feed in feeds { shapes.append(try node(feed).shape) }
    let shape = try layer.outputShape(of: shapes)
    guard shape.dimensions.allSatisfy({ $0 <= Self.largestDimension }), shape.count <= Self.largestCount else {
      throw .tooLarge(layer: layer.name, kind: type(of: layer).kind, shape: shape)
    }
    let node = Node(
      name: name, layer: layer, inputs: feeds, shape: shape,
      parameters: try layer.parameters(for: shapes), multiplyAdds: try layer.multiplyAdds(for: shapes),
      elementOperations: try layer.elementOperations(for: shapes), stage: currentStage)
    for parameter in node.parameters {
      guard parameter.shape.count <= Self.largestCount else {
        throw .tooLarge(layer: layer.name, kind: type(of: layer).kind, shape: parameter.shape)
      }
      if let other = parameterShapes[parameter.name], other != parameter.shape {
        throw .sharedParameter(parameter.name, expected: other, found: parameter.shape)
      }
    }
    for parameter in node.parameters { parameterShapes[parameter.name] = parameter.shape }
    indices[name] = nodes.count
    nodes.append(node)
    return name
  }

  /// Says that the layers added from now on belong to the named stage, or to none.
  public mutating func beginStage(_ name: String?) {
    currentStage = name
  }

  /// What the network returns: the chosen nodes, or the one added last.
  public var outputs: [String] { chosenOutputs ?? nodes.suffix(1).map(\.name) }

  /// The node that is returned, where there is one output.
  public var output: Node? { outputs.first.flatMap { self[$0] } }

  public mutating func setOutputs(_ names: [String]) throws(GraphError) {
    for name in names { _ = try node(name) }
    chosenOutputs = names
  }

  public var inputs: [Node] { nodes.filter { $0.layer is InputLayer } }

  public subscript(name: String) -> Node? { indices[name].map { nodes[$0] } }

  /// The node of that name.
  ///
  /// - Throws: `GraphError.unknownLayer`, with the names that come nearest.
  public func node(_ name: String) throws(GraphError) -> Node {
    if let index = indices[name] { return nodes[index] }
    throw .unknownLayer(name, suggestions: closestNames(to: name, among: nodes.lazy.map(\.name)))
  }

  /// Every tensor that the network learns, in the order of the layers; a shared layer's once.
  public var parameters: [ParameterSpecification] {
    var seen: Set<String> = []
    return nodes.flatMap(\.parameters).filter { seen.insert($0.name).inserted }
  }

  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

  /// How many nodes each node feeds, being an output counted as one.
  public var consumerCounts: [String: Int] {
    var counts: [String: Int] = [:]
    for name in nodes.flatMap(\.inputs) + outputs { counts[name, default: 0] += 1 }
    return counts
  }
}
