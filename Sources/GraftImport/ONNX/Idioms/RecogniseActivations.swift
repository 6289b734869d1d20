import GraftGraph

extension ONNXIdioms {
  /// Two scalings by numbers, one after the other, are one.
  static func mergeRescalings(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes {
      guard let second = node.layer as? Rescaling, let before = node.inputs.first.flatMap({ draft.onlyRead($0) }),
        let first = before.layer as? Rescaling
      else { continue }
      let merged = Rescaling(
        second.name, scale: second.scale * first.scale, offset: second.scale * first.offset + second.offset)
      draft.replace(node.name, with: merged, after: before.inputs)
      count += 1
    }
    return count
  }

  /// min(max(x + 3, 0), 6) / 6, and x times that.
  static func recogniseHardFunctions(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes {
      // The gate: clip(x + 3, 0, 6) / 6.
      if let layer = node.layer as? Rescaling, isSixth(layer), let clip = node.inputs.first,
        let input = shiftedAndClipped(clip, in: draft)
      {
        draft.replace(node.name, with: Activation(layer.name, .hardSigmoid()), after: [input])
        count += 1
        continue
      }
      // x · clip(x + 3, 0, 6), divided by 6 only then.
      if let layer = node.layer as? Rescaling, isSixth(layer),
        let product = node.inputs.first.flatMap({ draft.onlyRead($0) }), product.layer is Multiply,
        let input = gated(product, in: draft, by: { shiftedAndClipped($0, in: draft) })
      {
        draft.replace(node.name, with: Activation(product.layer.name, .hardSwish), after: [input])
        count += 1
      }
    }
    return count
  }

  /// x · sigmoid(x), x · hardSigmoid(x), x · tanh(softplus(x)).
  static func recogniseGatedFunctions(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes where node.layer is Multiply {
      for (gate, whole) in [
        (Activation.Function.sigmoid, Activation.Function.swish), (.hardSigmoid(), .hardSwish),
      ] {
        guard let input = gated(node, in: draft, by: { argument(of: gate, at: $0, in: draft) }) else { continue }
        draft.replace(node.name, with: Activation(node.layer.name, whole), after: [input])
        count += 1
        break
      }
      guard
        let input = gated(
          node, in: draft,
          by: { argument(of: .tanh, at: $0, in: draft).flatMap { argument(of: .softplus, at: $0, in: draft) } })
      else { continue }
      draft.replace(node.name, with: Activation(node.layer.name, .mish), after: [input])
      count += 1
    }
    return count
  }

  /// max(x, α · x).
  static func recogniseLeakyReLU(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes where node.layer is Maximum && node.inputs.count == 2 {
      for (plain, scaled) in [(0, 1), (1, 0)] {
        guard let other = draft.onlyRead(node.inputs[scaled]), let scaling = other.layer as? Rescaling,
          scaling.offset == 0, (0..<1).contains(scaling.scale), other.inputs == [node.inputs[plain]]
        else { continue }
        let layer = Activation(node.layer.name, .leakyReLU(slope: scaling.scale))
        draft.replace(node.name, with: layer, after: [node.inputs[plain]])
        count += 1
        break
      }
    }
    return count
  }

  /// What a product multiplies with a function of itself.
  ///
  /// - Parameter gate: for the name of a node, the name of what it is the function of.
  static func gated(
    _ product: NetworkDraft.Node, in draft: NetworkDraft, by gate: (String) -> String?
  ) -> String? {
    guard product.inputs.count == 2 else { return nil }
    if gate(product.inputs[1]) == product.inputs[0] { return product.inputs[0] }
    if gate(product.inputs[0]) == product.inputs[1] { return product.inputs[1] }
    return nil
  }

  private static func argument(
    of function: Activation.Function, at name: String, in draft: NetworkDraft
  ) -> String? {
    guard let node = draft.onlyRead(name), let layer = node.layer as? Activation, layer.function.isNearly(function)
    else { return nil }
    return node.inputs.first
  }

  /// The x of clip(x + 3, 0, 6).
  private static func shiftedAndClipped(_ name: String, in draft: NetworkDraft) -> String? {
    guard
      let shifted = argument(of: .relu6, at: name, in: draft)
        ?? argument(of: .clip(min: 0, max: 6), at: name, in: draft),
      let shift = draft.onlyRead(shifted), let layer = shift.layer as? Rescaling, layer.scale == 1, layer.offset == 3
    else { return nil }
    return shift.inputs.first
  }

  private static func isSixth(_ layer: Rescaling) -> Bool {
    layer.offset == 0 && abs(layer.scale * 6 - 1) < 1e-4
  }
}

extension Activation.Function {
  /// Equal but for rounding of the options: exporters write ⅙ with more digits or fewer.
  fileprivate func isNearly(_ other: Activation.Function) -> Bool {
    guard case .hardSigmoid(let slope, let offset) = self, case .hardSigmoid(let otherSlope, let otherOffset) = other
    else { return self == other }
    return abs(slope - otherSlope) < 1e-4 && abs(offset - otherOffset) < 1e-4
  }
}
