import GraftGraph

extension CompiledGraph {
  /// Appends the backward pass, from the last node to the first that needs it.
  ///
  /// - Parameter recomputing: parts that run forward again before their backward pass, on what the part before has left.
  /// - Returns: the gradients that reach the graph's inputs.
  func lowerBackward(from outputGradient: Memory, recomputing segments: [[String]]) throws -> [String: Memory] {
    var contributions = [graph.outputs[0]: [outputGradient]]
    var inputGradients: [String: Memory] = [:]
    let endings = Dictionary(
      segments.compactMap { names in names.last.map { ($0, Set(names)) } }, uniquingKeysWith: { first, _ in first })
    var lowered = lowered
    for node in graph.nodes.reversed() where differentiable.contains(node.name) {
      if let names = endings[node.name] {
        lowered.merge(try lowerAgain(names), uniquingKeysWith: { _, again in again })
      }
      guard let terms = contributions.removeValue(forKey: node.name) else { continue }
      lowering.layer = node.layer.name
      let gradient = try lowering.sum(terms, layer: node.name)
      guard let backward = lowered[node.name]?.backward else {
        inputGradients[node.name] = gradient
        continue
      }
      for (input, inputGradient) in zip(node.inputs, try backward(gradient)) {
        if let inputGradient { contributions[input, default: []].append(inputGradient) }
      }
    }
    return inputGradients
  }

  /// Appends the forward pass of some nodes once more, into memory of its own.
  private func lowerAgain(_ names: Set<String>) throws -> [String: LoweredNode] {
    var results: [String: LoweredNode] = [:]
    for node in graph.nodes where names.contains(node.name) {
      let inputs = node.inputs.compactMap { results[$0]?.output ?? value(of: $0) }
      results[node.name] = try nodes.lower(
        node, inputs, mayOverwrite: inputs.map { _ in false }, isRepeated: true)
    }
    return results
  }

  /// What a node has computed in the forward pass.
  private func value(of name: String) -> Memory? {
    inputs[name] ?? lowered[name]?.output
  }
}
