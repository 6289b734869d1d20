import Foundation
import GraftTensors

extension KerasWeights {
  /// Reads a file of weights, or the weights of a whole saved model.
  ///
  /// - Parameter reading: who calls the HDF5 library; see there what a damaged file can do.
  /// - Throws: `FormatError` where the file cannot be read, is of another kind, cut off, damaged, of Keras 3, or lacks
  ///   a layer or weight that it lists.
  public init(contentsOf url: URL, reading: HDF5Reading = .preferred) throws {
    let tree = try HDF5Tree(
      contentsOf: url, expected: "a Keras weights file (HDF5)", elements: KerasWeights.elements, reading: reading)
    guard let weights = try Self(tree) else {
      let names = tree.root.memberNames
      if names.contains("_layer_checkpoint_dependencies") || names.contains("layers") {
        throw FormatError.kerasThreeWeights(path: tree.file.path)
      }
      throw FormatError.notKerasWeights(path: tree.file.path, found: names)
    }
    self = weights
  }

  /// Which elements of a file are weights. The optimizer's state is of no use, and up to twice as large.
  public static let elements = HDF5Tree.Selection.outside(["/optimizer_weights", "/optimizer"])

  /// Nil where the file is not laid out as Keras 1 and 2 do it.
  init?(_ tree: HDF5Tree) throws {
    let root = tree.root
    if root.attributes["layer_names"] != nil || root.attributes["layer_names0"] != nil {
      try self.init(root: root, weights: root)
    } else if let weights = try root.child("model_weights"), weights.isGroup {
      try self.init(root: root, weights: weights)
    } else {
      return nil
    }
  }

  private init(root: HDF5Tree.Object, weights group: HDF5Tree.Object) throws {
    guard let names = try group.names("layer_names") else {
      throw group.tree.malformed("the group \(group.path) has no attribute 'layer_names'")
    }
    try Self.requireDistinct(names, in: "the layer", group)
    var layers = try names.map { name in
      guard let layer = try group.child(name) else {
        throw FormatError.missingLayer(path: group.tree.file.path, layer: name)
      }
      return Layer(name: name, weights: try Self.weights(of: layer, called: name))
    }
    // Weights that belong to the model itself, from TensorFlow 2.6 on; nearly always empty.
    let own = "top_level_model_weights"
    if !names.contains(own), let layer = try group.child(own) {
      let weights = try Self.weights(of: layer, called: own)
      if !weights.isEmpty { layers.append(Layer(name: own, weights: weights)) }
    }
    self.init(
      layers: layers,
      kerasVersion: try root.text("keras_version") ?? group.text("keras_version"),
      backend: try root.text("backend") ?? group.text("backend"),
      modelConfiguration: try root.text("model_config"),
      hasTrainingConfiguration: root.attributes["training_config"] != nil)
  }

  private static func weights(
    of layer: HDF5Tree.Object, called layerName: String
  ) throws -> [(name: String, tensor: Tensor)] {
    guard let names = try layer.names("weight_names") else {
      throw layer.tree.malformed("the layer '\(layerName)' has no attribute 'weight_names'")
    }
    try requireDistinct(names, in: "the layer '\(layerName)', the weight", layer)
    return try names.map { name in
      guard let object = try layer.child(name), object.isDataSet else {
        throw FormatError.missingWeight(path: layer.tree.file.path, layer: layerName, weight: name)
      }
      return (name, try object.tensor())
    }
  }

  private static func requireDistinct(_ names: [String], in place: String, _ object: HDF5Tree.Object) throws {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw object.tree.malformed("it lists \(place) '\(name)' twice")
    }
  }
}

extension HDF5Tree.Object {
  /// A list of names, or nil where there is none. Keras splits lists that are too long for one attribute into
  /// `layer_names0`, `layer_names1`, ….
  fileprivate func names(_ name: String) throws -> [String]? {
    if let whole = try texts(name) { return whole }
    var names: [String] = []
    var chunk = 0
    while let part = try texts("\(name)\(chunk)") {
      names += part
      chunk += 1
    }
    return chunk == 0 ? nil : names
  }
}
