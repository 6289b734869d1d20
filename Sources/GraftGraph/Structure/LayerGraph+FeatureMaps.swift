import GraftTensors

extension LayerGraph {
  /// The nodes that can be asked where in an image something is: feature maps of several positions through which all goes that the
  /// outputs tell. Poolings are left out, for the map that they shrink tells the place better. In the order of the network.
  public var featureMaps: [Node] {
    let seams = Set(blocks.compactMap(\.last?.name))
    return nodes.filter { node in
      node.shape.rank == 3 && node.shape[1] * node.shape[2] > 1 && seams.contains(node.name)
        && !(node.layer is InputLayer || node.layer is MaxPooling2D || node.layer is AveragePooling2D)
        && !node.layer.isStochastic
    }
  }
}
