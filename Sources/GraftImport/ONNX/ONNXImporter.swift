import GraftFormats
import GraftGraph
import GraftTensors

/// Makes a graph of an ONNX model.
///
/// What depends on no image is computed at once; each operator left becomes layers through a table of converters; what
/// exporters took apart is put together again, so that the network trains as the one that was exported. Whatever a graph
/// cannot express is refused, all of it at once and by name.
public struct ONNXImporter {
  private let model: ONNXModel
  private let name: String
  private let inputSize: Size2D?

  /// - Parameters:
  ///   - name: what messages call the file.
  ///   - inputSize: of the images; the file's own where nil.
  public init(_ model: ONNXModel, name: String, inputSize: Size2D? = nil) {
    self.model = model
    self.name = name
    self.inputSize = inputSize
  }

  /// - Throws: `ImportError` where the model is none that a graph of layers can express.
  public func network() throws -> ONNXNetwork {
    let nodes = try neededNodes()
    var state = try ImportState(model: model, nodes: nodes, name: name)
    try state.addInputs(model, nodes: nodes, inputSize: inputSize)
    for node in nodes { state.add(node) }
    guard state.refusals.isEmpty else {
      throw ImportError.unsupportedOperators(file: name, operators: state.refusals)
    }
    return try state.finish(model)
  }

  /// The nodes that the outputs need, each after those that it needs.
  private func neededNodes() throws -> [ONNXNode] {
    do {
      return try ONNXNodeOrder(ONNXInliner(model).nodes(), outputs: model.graph.outputs.map(\.name)).nodes
    } catch let refusal as ONNXRefusal {
      throw ImportError.unsuitableGraph(file: name, reason: refusal.reason)
    }
  }
}

/// A network out of an ONNX file.
public struct ONNXNetwork: Sendable {
  /// An input or output of the file.
  public struct Port: Hashable, Sendable {
    /// The file's name for it.
    public let name: String
    /// The graph's.
    public let node: String
    /// Whether the file has its channels last, `[N, H, W, C]`; the graph has them first.
    public let isChannelsLast: Bool
  }

  public let graph: LayerGraph
  public let parameters: Parameters
  /// The bindings name the file's tensors; what was rewritten is under `conversions`.
  public let report: LoadReport
  public let inputs: [Port]
  public let outputs: [Port]

  /// Whether images enter the file's network with their channels last, as TensorFlow has them.
  public var isChannelsLast: Bool { inputs.contains(where: \.isChannelsLast) }
}
