import GraftFormats
import GraftGraph
import GraftTensors

/// An import under way: what each value of the file is by now, and what could not be made anything of.
struct ImportState {
  private let name: String
  private let version: Int
  private var builder: ONNXGraphBuilder
  private var folding = ONNXFolding()
  private var values: [String: ONNXOperand] = [:]
  private var inputs: [ONNXNetwork.Port] = []
  private(set) var refusals: [UnsupportedOperator] = []
  /// Values that nobody could compute; who needs them is not refused once more.
  private var missing: Set<String> = []
  /// Values that some node needs, or the user.
  private let readers: Set<String>
  /// Values that the user needs, and no node.
  private let results: Set<String>
  /// What of the file the graph does without, in words.
  private var omissions: [String] = []

  /// - Parameter nodes: those that the outputs need.
  init(model: ONNXModel, nodes: [ONNXNode], name: String) throws {
    self.name = name
    version = model.operatorSets[""] ?? 1
    let stated = Set(model.graph.initializers.map(\.name))
    let batches = model.graph.inputs.filter { !stated.contains($0.name) }.compactMap { $0.dimensions?.first }
    let sizes = Set(batches.compactMap { if case .size(let size) = $0 { size } else { nil } })
    guard sizes.count <= 1 else {
      throw ImportError.unsuitableGraph(file: name, reason: "its inputs are for batches of different sizes")
    }
    builder = ONNXGraphBuilder(
      isFromPyTorch: model.producerName.lowercased().contains("pytorch"),
      batchSize: sizes.first)
    for initializer in model.graph.initializers { values[initializer.name] = .constant(initializer.tensor) }
    let read = Set(nodes.flatMap(\.inputs))
    readers = read.union(model.graph.outputs.map(\.name))
    results = Set(model.graph.outputs.map(\.name)).subtracting(read)
  }

  mutating func addInputs(_ model: ONNXModel, nodes: [ONNXNode], inputSize: Size2D?) throws {
    let known = Set(model.graph.initializers.map(\.name)).union(nodes.flatMap(\.outputs))
    let images = model.graph.inputs.filter { !known.contains($0.name) && readers.contains($0.name) }
    guard !images.isEmpty else { throw ImportError.unsuitableGraph(file: name, reason: "it has no input") }
    for image in images {
      let shape: ONNXInputShape
      do {
        shape = try ONNXInputShape(image, nodes: nodes, inputSize: inputSize, isOnlyInput: images.count == 1)
        let input = try builder.add(InputLayer(image.name, shape: shape.stored), after: [])
        values[image.name] = .activation(ONNXActivation(input.node, input.shape, axes: shape.axes))
        inputs.append(.init(name: image.name, node: input.node, isChannelsLast: shape.isChannelsLast))
      } catch let refusal as ONNXRefusal {
        throw ImportError.unsuitableGraph(file: name, reason: "its input “\(image.name)” \(refusal.reason)")
      }
    }
  }

  /// Makes of a node what it is: a constant, layers, or a refusal.
  mutating func add(_ node: ONNXNode) {
    guard !node.inputs.contains(where: missing.contains) else {
      missing.formUnion(node.outputs)
      return
    }
    if leaveOffBatchSoftmax(node) { return }
    do {
      let results = try outputs(of: node)
      for (index, output) in node.outputs.enumerated() where !output.isEmpty {
        if index < results.count {
          values[output] = results[index]
        } else if readers.contains(output) {
          throw ONNXRefusal("there is no layer that also gives its output “\(output)”")
        }
      }
    } catch {
      let reason = (error as? ONNXRefusal)?.reason ?? "\(error)"
      refusals.append(UnsupportedOperator(node.fullType, node: node.label, reason: reason))
      missing.formUnion(node.outputs)
    }
  }

  /// A last softmax that by mistake runs over the batch: with it an image's scores would depend on the images beside it, so
  /// what counts is what enters it. Exporters of old examples write it (`axis=0`), and their runtimes run it.
  private mutating func leaveOffBatchSoftmax(_ node: ONNXNode) -> Bool {
    guard ["Softmax", "LogSoftmax"].contains(node.operatorType), node.domain.isEmpty, node.inputs.count == 1,
      node.outputs.count == 1, results.contains(node.outputs[0]), case .integer(0)? = node.attributes["axis"],
      case .activation(let scores)? = values[node.inputs[0]],
      // Only the end of a network: by itself it is an operator like any other.
      !builder.graph.parameters.isEmpty
    else { return false }
    values[node.outputs[0]] = .activation(scores)
    omissions.append("\(node.label) left off: it works across the images of a batch, so the outputs are what enters it")
    return true
  }

  private mutating func outputs(of node: ONNXNode) throws -> [ONNXOperand] {
    let type = node.operatorType
    let isStandard = node.domain.isEmpty || node.domain == "com.microsoft" && type == "Gelu"
    let isKnown = ONNXOperators.converters[type] != nil || ONNXFolding.knows(type)
    guard isStandard, isKnown else {
      let reason = ONNXOperators.reasons[type]
      throw ONNXRefusal(reason ?? (isStandard ? "there is no layer for it" : "it is no operator of the standard"))
    }
    let inputs = try node.inputs.map { input -> ONNXOperand? in
      guard !input.isEmpty else { return nil }
      guard let value = values[input] else { throw ONNXRefusal("its input “\(input)” is computed by nobody") }
      return value
    }
    let operation = ONNXOperation(node: node, version: version, inputs: inputs, name: node.label)
    if !inputs.contains(where: { $0?.activation != nil }) {
      guard let folded = try folding.fold(operation) else {
        throw ONNXRefusal("its inputs are constants, for which there is no layer")
      }
      return folded
    }
    guard let convert = ONNXOperators.converters[type] else {
      throw ONNXRefusal(ONNXOperators.reasons[type] ?? "there is no layer for it, only for its use on constants")
    }
    return try convert(operation, &builder)
  }

  /// The graph of what was added, once nothing was refused.
  func finish(_ model: ONNXModel) throws -> ONNXNetwork {
    var state = self
    var outputs: [ONNXNetwork.Port] = []
    var taken = Set(inputs.map(\.node))
    for output in model.graph.outputs {
      guard case .activation(let value)? = values[output.name] else {
        let reason = values[output.name] == nil ? "computed by nobody" : "a constant"
        throw ImportError.unsuitableGraph(file: name, reason: "its output “\(output.name)” is \(reason)")
      }
      // Feature maps leave the graph as images enter it.
      let isChannelsLast = value.isChannelsLast && inputs.contains(where: \.isChannelsLast)
      var result = isChannelsLast ? value : try state.builder.inOrder(value)
      if !taken.insert(result.node).inserted {
        result = try state.builder.add(Activation(output.name, .linear), after: [result.node])
      }
      outputs.append(.init(name: output.name, node: result.node, isChannelsLast: isChannelsLast))
    }
    let builder = state.builder
    var draft = NetworkDraft(
      builder.graph, outputs: outputs.map(\.node), parameters: builder.parameters, sources: builder.sources)
    var report = LoadReport()
    report.conversions = omissions + ONNXIdioms.apply(to: &draft)
    if isChannelsLast { report.conversions.insert("channels last in the file, first in the graph", at: 0) }
    let renamed = draft.renameNodesByLayers()
    if let error = draft.nodes.first(where: { $0.layer is ErrorFunction && draft.isRead($0.name) }) {
      throw ImportError.unsupportedOperators(
        file: name,
        operators: [UnsupportedOperator("Erf", node: error.name, reason: "there is no layer for it outside of GELU")])
    }
    return try network(model, draft, report, outputs: outputs.map { $0.renamed(renamed) })
  }

  private var isChannelsLast: Bool { inputs.contains(where: \.isChannelsLast) }

  private func network(
    _ model: ONNXModel, _ draft: NetworkDraft, _ report: LoadReport, outputs: [ONNXNetwork.Port]
  ) throws -> ONNXNetwork {
    let graph = try draft.graph()
    var report = report
    var parameters = Parameters()
    var used: Set<String> = []
    for parameter in graph.parameters {
      guard let tensor = draft.parameters[parameter.name], tensor.shape == parameter.shape else {
        throw ImportError.unsuitableGraph(
          file: name, reason: "the numbers of “\(parameter.name)” do not suit \(parameter.shape)")
      }
      parameters[parameter.name] = tensor
      let source = draft.sources[parameter.name] ?? ""
      report.bound.append(.init(parameter: parameter.name, source: source))
      used.insert(source)
    }
    report.unused = model.graph.initializers.filter { !$0.tensor.dataType.isWhole }.map(\.name).filter {
      !used.contains($0) && !missing.contains($0) && !isRead($0, in: model)
    }
    return ONNXNetwork(
      graph: graph, parameters: parameters, report: report, inputs: inputs, outputs: outputs)
  }

  private func isRead(_ initializer: String, in model: ONNXModel) -> Bool {
    model.graph.nodes.contains { $0.inputs.contains(initializer) }
  }
}

extension ONNXNetwork.Port {
  fileprivate func renamed(_ names: [String: String]) -> ONNXNetwork.Port {
    .init(name: name, node: names[node] ?? node, isChannelsLast: isChannelsLast)
  }
}

extension ONNXNode {
  /// What people and layers call the node.
  var label: String { name.isEmpty ? outputs.first { !$0.isEmpty } ?? operatorType : name }

  /// The operator with its set, where that is not the standard's own.
  var fullType: String { domain.isEmpty ? operatorType : "\(domain).\(operatorType)" }
}
