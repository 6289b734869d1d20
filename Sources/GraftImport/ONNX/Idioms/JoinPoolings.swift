import GraftGraph
import GraftTensors

extension ONNXIdioms {
  /// A padding of −∞ before a maximum is the pooling's own.
  static func joinPaddings(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes {
      guard var layer = node.layer as? MaxPooling2D, let before = node.inputs.first.flatMap({ draft.onlyRead($0) }),
        let pad = before.layer as? Pad, pad.before.count == 3, pad.before[0] == 0, pad.after[0] == 0,
        case .constant(let value) = pad.mode, value <= -.greatestFiniteMagnitude
      else { continue }
      // Explicit margins are the same for any size of the input.
      guard layer.window.padding != .same else { continue }
      let margins = layer.window.margins(for: 1)
      layer.window.padding = .explicit(
        top: margins.top + pad.before[1], bottom: margins.bottom + pad.after[1],
        left: margins.left + pad.before[2], right: margins.right + pad.after[2])
      draft.replace(node.name, with: layer, after: before.inputs)
      count += 1
    }
    return count
  }

  /// `[C, 1, 1]` made a vector is a global pooling that gives a vector.
  static func joinFlattenings(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes where node.layer is Flatten || node.layer is Reshape {
      guard node.shape.rank == 1, let before = node.inputs.first.flatMap({ draft.onlyRead($0) }) else { continue }
      let pooling: any Layer
      switch before.layer {
      case let layer as GlobalAveragePooling2D: pooling = GlobalAveragePooling2D(layer.name)
      case let layer as GlobalMaxPooling2D: pooling = GlobalMaxPooling2D(layer.name)
      default: continue
      }
      draft.replace(node.name, with: pooling, after: before.inputs)
      count += 1
    }
    return count
  }
}
