import GraftFormats
import GraftTensors

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
