import GraftFormats
import GraftGraph
import GraftTensors

/// Which tensor of one group of the file is which slot's, where the group is a layer's or a whole nested model's.
///
/// Sources: `keras/src/legacy/saving/legacy_h5_format.py`, which lists a nested model's trainable weights before all
/// others; `keras/engine/topology.py` of Keras 2, in which a frozen layer's weights all count as not trainable.
struct KerasGroupOrder {
  let layers: [KerasWeightedLayer]
  let group: KerasWeights.Layer

  typealias Places = [(layer: Int, slot: Int)]

  /// For each layer, its slots' tensors; nil where no order that Keras has had fits.
  func assignments() -> [[KerasAssignment]]? {
    let tensors = group.weights
    let slotCount = layers.reduce(0) { $0 + $1.slots.count }
    guard tensors.count == slotCount else { return nil }
    if let places = placesByName() { return collected(places) }
    for places in [trainableFirst(respectingFlags: true), trainableFirst(respectingFlags: false), layerByLayer]
    where isPlausible(places) {
      return collected(places)
    }
    return nil
  }

  /// For messages: the first order, fitting or not, so that what does not fit can be named. Nil where the count differs.
  func unfitting() -> [[KerasAssignment]]? {
    let places = trainableFirst(respectingFlags: true)
    return places.count == group.weights.count ? collected(places) : nil
  }

  // MARK: - By order

  private var layerByLayer: Places {
    layers.indices.flatMap { layer in layers[layer].slots.indices.map { (layer, $0) } }
  }

  private func trainableFirst(respectingFlags: Bool) -> Places {
    func trains(_ place: (layer: Int, slot: Int)) -> Bool {
      !layers[place.layer].slots[place.slot].isStatistic && (layers[place.layer].isTrainable || !respectingFlags)
    }
    return layerByLayer.filter(trains) + layerByLayer.filter { !trains($0) }
  }

  /// Whether every tensor has its slot's shape and, where its name says what it is, is that.
  private func isPlausible(_ places: Places) -> Bool {
    zip(places, group.weights).allSatisfy { place, weight in
      let slot = layers[place.layer].slots[place.slot]
      if let shape = slot.fileShape, !slot.accepts(weight.tensor.shape, expected: shape) { return false }
      let role = KerasWeightName(weight.name).role
      return role == nil || slot.fileNames.contains(role ?? "")
    }
  }

  // MARK: - By name

  /// Where the tensors' names say which layer and slot each is of, and all of them do.
  private func placesByName() -> Places? {
    var placesByName: [String: [(layer: Int, slot: Int)]] = [:]
    for (index, layer) in layers.enumerated() {
      for (slotIndex, slot) in layer.slots.enumerated() {
        for name in slot.fileNames { placesByName["\(layer.name)/\(name)", default: []].append((index, slotIndex)) }
      }
    }
    let keys = Set(placesByName.keys)
    var places: Places = []
    var taken: Set<[Int]> = []
    for weight in group.weights {
      guard let key = KerasWeightName(weight.name).layerAndRole(among: keys),
        let candidates = placesByName[key], candidates.count == 1,
        taken.insert([candidates[0].layer, candidates[0].slot]).inserted
      else { return nil }
      places.append(candidates[0])
    }
    return isPlausible(places) ? places : nil
  }

  private func collected(_ places: Places) -> [[KerasAssignment]] {
    var tensors = layers.map { [KerasAssignment?](repeating: nil, count: $0.slots.count) }
    for (place, weight) in zip(places, group.weights) {
      tensors[place.layer][place.slot] = KerasAssignment(
        slot: layers[place.layer].slots[place.slot], tensor: weight.tensor, source: "\(group.name)/\(weight.name)")
    }
    return tensors.map { $0.compactMap { $0 } }
  }
}

extension KerasWeightSlot {
  /// Whether a tensor of the file may be this one's: kernels of Keras 1 lie in either order.
  func accepts(_ shape: Shape, expected: Shape) -> Bool {
    shape == expected
      || otherLayout.map { other in
        if case .parameter(let parameter) = target { shape == other.fileShape(parameter.shape) } else { false }
      } ?? false
  }

  /// The order of Theano's kernels for TensorFlow's, and the other way round.
  var otherLayout: KerasTensorLayout? {
    switch layout {
    case .convolution: .theanoConvolution
    case .theanoConvolution: .convolution
    default: nil
    }
  }
}

/// The name of a tensor in a group: `conv2d/kernel:0`, `conv2d_1_W:0`, `functional/conv2d/kernel`, `uniform1`.
struct KerasWeightName {
  private let path: String

  private static let roles = [
    "depthwise_kernel", "pointwise_kernel", "kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance",
    "running_mean", "running_std", "alphas", "alpha", "variance", "mean", "count",
  ]

  init(_ name: String) {
    // TensorFlow numbers a variable's outputs, of which there is one.
    path = name.hasSuffix(":0") ? String(name.dropLast(2)) : name
  }

  /// `kernel`, `moving_mean`, …; nil where the name says nothing.
  var role: String? {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    if let role = Self.roles.first(where: { last == $0 || last.hasSuffix("_\($0)") }) { return role }
    return last.hasSuffix("_W") ? "W" : last.hasSuffix("_b") ? "b" : nil
  }

  /// The key `layer/role` that this name ends in: the longest of those known.
  func layerAndRole(among keys: Set<String>) -> String? {
    guard let role else { return nil }
    // The parts before the role, from the last on: a layer's own name may hold some slashes.
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var known: String?
    if let last = parts.last, last != role, last.hasSuffix("_\(role)") {
      let key = "\(last.dropLast(role.count + 1))/\(role)"
      if keys.contains(key) { return key }
    }
    for start in parts.indices.dropLast().suffix(12).reversed() {
      let layer = parts[start..<parts.count - 1].joined(separator: "/")
      if keys.contains("\(layer)/\(role)") { known = "\(layer)/\(role)" }
    }
    return known
  }
}
