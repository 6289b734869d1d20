import GraftFormats
import GraftTensors

/// The tensors of a Keras model, under the keys that the file has for them.
public enum KerasModelWeights: Sendable {
  /// Keras 1, Keras 2 and tf.keras, and Keras 3's `.h5`: a group for each layer of the outermost model, tensors in order.
  case groups([KerasWeights.Layer])
  /// Keras 3's `.weights.h5`, also within `.keras`: by path, `layers/conv2d_1/vars/0`.
  case paths([String: Tensor])
}

/// A tensor of the file that was found for a slot.
struct KerasAssignment {
  let slot: KerasWeightSlot
  let tensor: Tensor
  /// The file's name for it.
  let source: String
}

/// Every slot with its tensor, and what is left over.
struct KerasAssignments {
  var found: [(layer: KerasWeightedLayer, assignments: [KerasAssignment])] = []
  var unused: [String] = []
  var matching = LoadReport.Matching.names
}

extension KerasModel {
  /// The layers that want tensors, in the order in which Keras lists them.
  func weightedLayers(
    _ slots: [KerasNames.Path: [KerasWeightSlot]], path: KerasNames.Path = [], isTrainable: Bool = true
  ) -> [KerasWeightedLayer] {
    layers.flatMap { layer -> [KerasWeightedLayer] in
      let own = path + [layer.name]
      let trains = isTrainable && layer.isTrainable
      if let model = layer.model { return model.weightedLayers(slots, path: own, isTrainable: trains) }
      guard let slots = slots[own], !slots.isEmpty else { return [] }
      return [KerasWeightedLayer(path: own, className: layer.className, isTrainable: trains, slots: slots)]
    }
  }
}
