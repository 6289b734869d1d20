import GraftGraph

extension ONNXIdioms {
  /// x · ½ · (1 + erf(x / √2)), the factors in any order. Scalings are merged before.
  static func recogniseGELU(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes {
      guard let (name, input) = gelu(at: node, in: draft) else { continue }
      draft.replace(node.name, with: Activation(name, .gelu(approximate: false)), after: [input])
      count += 1
    }
    return count
  }

  private static func gelu(at node: NetworkDraft.Node, in draft: NetworkDraft) -> (name: String, input: String)? {
    // (x · (erf + 1)) · ½
    if let half = node.layer as? Rescaling, half.scale == 0.5, half.offset == 0,
      let product = node.inputs.first.flatMap({ draft.onlyRead($0) }), product.layer is Multiply,
      let input = gated(product, in: draft, by: { errorFunction(at: $0, scale: 1, in: draft) })
    {
      return (product.layer.name, input)
    }
    guard node.layer is Multiply, node.inputs.count == 2 else { return nil }
    // x · (½ erf + ½)
    if let input = gated(node, in: draft, by: { errorFunction(at: $0, scale: 0.5, in: draft) }) {
      return (node.layer.name, input)
    }
    // (½ x) · (erf + 1)
    for (halved, gate) in [(0, 1), (1, 0)] {
      guard let half = draft.onlyRead(node.inputs[halved]), let layer = half.layer as? Rescaling,
        layer.scale == 0.5, layer.offset == 0, let input = half.inputs.first,
        errorFunction(at: node.inputs[gate], scale: 1, in: draft) == input
      else { continue }
      return (node.layer.name, input)
    }
    return nil
  }

  /// The x of scale · erf(x / √2) + scale.
  private static func errorFunction(at name: String, scale: Float, in draft: NetworkDraft) -> String? {
    guard let sum = draft.onlyRead(name), let affine = sum.layer as? Rescaling, affine.scale == scale,
      affine.offset == scale, let error = sum.inputs.first.flatMap({ draft.onlyRead($0) }),
      error.layer is ErrorFunction, let scaled = error.inputs.first.flatMap({ draft.onlyRead($0) }),
      let inner = scaled.layer as? Rescaling, inner.offset == 0, abs(inner.scale - 0.707_106_77) < 1e-5
    else { return nil }
    return scaled.inputs.first
  }
}
