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
    return signatures.first { _, base in
      // A classifier is one layer with weights, or VGG's three.
      base.count <= signature.count && signature.count - base.count <= 3 && signature.starts(with: base)
    }?.architecture
  }

  /// Of every network known by name. Building them all takes longer than reading a small file, so that is done once.
  private static let signatures: [(architecture: Architecture, signature: [WeightSignature])] =
    (all.flatMap { [$0] + $0.variants } + widths).compactMap { candidate in
      (try? candidate.graph().weightSignature).map { (candidate, $0) }
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

private struct WeightSignature: Hashable, @unchecked Sendable {
  // Unchecked: the layer is a value, which only `AnyHashable` hides.
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
