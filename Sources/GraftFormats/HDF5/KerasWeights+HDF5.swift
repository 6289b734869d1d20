import Foundation
import GraftTensors

extension KerasWeights {
  /// Reads a file of weights, or the weights of a whole saved model.
  ///
  /// - Throws: `FormatError` where the file cannot be read, is of another kind, cut off, damaged, of Keras 3, or lacks
  ///   a layer or weight that it lists.
  public init(contentsOf url: URL) throws {
    self = try HDF5File.open(url, expected: "a Keras weights file (HDF5)") { file in
      let root = try file.root()
      if root.hasAttribute("layer_names") || root.hasAttribute("layer_names0") {
        return try KerasWeights(root: root, weights: root)
      }
      if let weights = try root.child("model_weights"), weights.isGroup {
        return try KerasWeights(root: root, weights: weights)
      }
      let names = try root.childNames()
      if names.contains("_layer_checkpoint_dependencies") || names.contains("layers") {
        throw FormatError.kerasThreeWeights(path: file.mapping.path)
      }
      throw FormatError.notKerasWeights(path: file.mapping.path, found: names)
    }
  }

  private init(root: borrowing HDF5Object, weights group: borrowing HDF5Object) throws {
    guard let names = try group.names("layer_names") else {
      throw group.malformed("the group \(group.path) has no attribute 'layer_names'")
    }
    try Self.requireDistinct(names, in: "the layer", group)
    // What a whole file can unpack to, so that no list of names adds up to more.
    var budget = largestSize(inflating: group.file.bytes.count)
    var layers = try names.map { name in
      guard let layer = try group.child(name) else {
        throw FormatError.missingLayer(path: group.file.path, layer: name)
      }
      return Layer(name: name, weights: try Self.weights(of: layer, called: name, budget: &budget))
    }
    // Weights that belong to the model itself, from TensorFlow 2.6 on; nearly always empty.
    let own = "top_level_model_weights"
    if !names.contains(own), let layer = try group.child(own) {
      let weights = try Self.weights(of: layer, called: own, budget: &budget)
      if !weights.isEmpty { layers.append(Layer(name: own, weights: weights)) }
    }
    self.init(
      layers: layers,
      kerasVersion: try root.text("keras_version") ?? group.text("keras_version"),
      backend: try root.text("backend") ?? group.text("backend"),
      modelConfiguration: try root.text("model_config"),
      hasTrainingConfiguration: root.hasAttribute("training_config"))
  }

  private static func weights(
    of layer: borrowing HDF5Object, called layerName: String, budget: inout Int
  ) throws -> [(name: String, tensor: Tensor)] {
    guard let names = try layer.names("weight_names") else {
      throw layer.malformed("the layer '\(layerName)' has no attribute 'weight_names'")
    }
    try requireDistinct(names, in: "the layer '\(layerName)', the weight", layer)
    return try names.map { name in
      guard let object = try layer.child(name), object.isDataSet else {
        throw FormatError.missingWeight(path: layer.file.path, layer: layerName, weight: name)
      }
      return (name, try HDF5DataSet(object).read(budget: &budget))
    }
  }

  private static func requireDistinct(_ names: [String], in place: String, _ object: borrowing HDF5Object) throws {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw object.malformed("it lists \(place) '\(name)' twice")
    }
  }
}
