import GraftFormats

/// Puts the nodes of a file's own functions in the place of their calls.
///
/// Source: <https://onnx.ai/onnx/repo-docs/IR.html#functions>.
struct ONNXInliner {
  private let model: ONNXModel
  private let functions: [String: ONNXFunction]
  private var result: [ONNXNode] = []
  private var calls = 0

  /// Functions that call functions can ask for any number of nodes in a few lines.
  private static let maximumNodes = 1 << 17
  private static let maximumDepth = 16

  init(_ model: ONNXModel) {
    self.model = model
    functions = Dictionary(model.functions.map { ("\($0.domain):\($0.name)", $0) }) { first, _ in first }
  }

  /// - Throws: `ONNXRefusal` where functions call each other without end.
  func nodes() throws -> [ONNXNode] {
    guard !functions.isEmpty else { return model.graph.nodes }
    var inliner = self
    try inliner.add(model.graph.nodes, depth: 0)
    return inliner.result
  }

  private mutating func add(_ nodes: [ONNXNode], depth: Int) throws {
    for node in nodes {
      guard let function = functions["\(node.domain):\(node.operatorType)"] else {
        guard result.count < Self.maximumNodes else {
          throw ONNXRefusal("its functions come to more nodes than any network has")
        }
        result.append(node)
        continue
      }
      guard depth < Self.maximumDepth else { throw ONNXRefusal("its functions call each other without end") }
      calls += 1
      guard calls < Self.maximumNodes else {
        throw ONNXRefusal("its functions come to more nodes than any network has")
      }
      try add(body(of: function, for: node), depth: depth + 1)
    }
  }

  /// The function's nodes with the caller's names and options.
  private func body(of function: ONNXFunction, for call: ONNXNode) -> [ONNXNode] {
    let prefix = "\(call.label)/"
    var names: [String: String] = [:]
    for (index, input) in function.inputs.enumerated() {
      names[input] = index < call.inputs.count ? call.inputs[index] : ""
    }
    for (index, output) in function.outputs.enumerated() where index < call.outputs.count {
      // An output that is an input passes through; it gets a node below.
      if names[output] == nil { names[output] = call.outputs[index] }
    }
    func renamed(_ value: String) -> String {
      value.isEmpty ? "" : names[value] ?? prefix + value
    }
    return function.nodes.map { node in
      var node = node
      node.name = prefix + node.label
      node.inputs = node.inputs.map(renamed)
      node.outputs = node.outputs.map(renamed)
      for (option, attribute) in node.attributes {
        guard case .reference(let name) = attribute else { continue }
        node.attributes[option] = call.attributes[name] ?? function.defaults[name]
      }
      return node
    }
  }
}
