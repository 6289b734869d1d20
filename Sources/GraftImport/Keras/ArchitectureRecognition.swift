import GraftArchitectures
import GraftGraph
import GraftTensors

extension Architecture {
  /// The network known by name whose layers with weights are the graph's, up to a classifier; nil where none is.
  ///
  /// Names do not count, nor does the size of the images, nor what files write now as an option and now as a layer of its
  /// own: activations and paddings. Kinds, windows, ε and the parameters' shapes do.
  static func matching(_ graph: LayerGraph) -> Architecture? {
    let signature = graph.weightSignature
    let candidates = all.flatMap { [$0] + $0.variants } + widths
    return candidates.first { candidate in
      guard let base = try? candidate.graph().weightSignature, base.count <= signature.count,
        // A classifier is one layer with weights, or VGG's three.
        signature.count - base.count <= 3
      else { return false }
      return signature.starts(with: base)
    }
  }

  /// The MobileNets of the published widths.
  private static var widths: [Architecture] {
    ["0.25", "0.5", "0.75", "0.35", "1.3", "1.4"].flatMap { width in
      ["mobilenet-\(width)", "mobilenetv2-\(width)"].compactMap { try? named($0) }
    }
  }
}

extension LayerGraph {
  /// What the layers with weights compute, in Keras's order.
  fileprivate var weightSignature: [WeightSignature] {
    kerasLayerOrder.filter { !$0.parameters.isEmpty }.map { node in
      var layer = node.layer
      layer.name = ""
      return WeightSignature(layer: AnyHashable(layer.essence), shapes: node.parameters.map(\.shape))
    }
  }
}

private struct WeightSignature: Hashable {
  let layer: AnyHashable
  let shapes: [Shape]
}

extension Layer {
  /// The layer without what other files write as a layer of its own, and without what only training heeds.
  fileprivate var essence: any Layer {
    switch self {
    case var layer as Conv2D:
      layer.activation = .linear
      layer.window.padding = .valid
      return layer
    case var layer as DepthwiseConv2D:
      layer.activation = .linear
      layer.window.padding = .valid
      return layer
    case var layer as BatchNormalization:
      layer.momentum = 0
      layer.movingVariance = .biased
      return layer
    default: return self
    }
  }
}
