import GraftFormats
import GraftTensors

/// Finds the tensors of all layers in a file that has a group for each layer of the outermost model.
struct KerasGroups {
  let groups: [KerasWeights.Layer]
  let layers: [KerasWeightedLayer]
  let fileName: String

  /// A layer of the outermost model, or of a nested one whose layers the file lists by themselves.
  private struct Unit {
    let name: String
    var layers: [KerasWeightedLayer]
  }

  func assignments() throws(ImportError) -> KerasAssignments {
    let weighted = groups.filter { !$0.weights.isEmpty }
    var result = KerasAssignments()
    let pairs: [(Unit, KerasWeights.Layer)]
    if let named = pairedByName(weighted) {
      pairs = named
      let used = Set(named.map(\.1.name))
      result.unused = weighted.filter { !used.contains($0.name) }.flatMap(\.tensorNames)
    } else {
      result.matching = .order
      pairs = try pairedByOrder(weighted)
    }
    for (unit, group) in pairs {
      let order = KerasGroupOrder(layers: unit.layers, group: group)
      guard let found = order.assignments() ?? order.unfitting() else {
        throw .tensorCount(
          file: fileName, layer: group.name, expected: unit.layers.reduce(0) { $0 + $1.slots.count },
          found: group.weights.count)
      }
      for (layer, assignments) in zip(unit.layers, found) { result.found.append((layer, assignments)) }
    }
    return result
  }

  /// Every layer with the group of its name. Keras 1 lists the layers of nested sequences as if they were the outer's.
  private func pairedByName(_ groups: [KerasWeights.Layer]) -> [(Unit, KerasWeights.Layer)]? {
    let byName = Dictionary(groups.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var pairs: [(Unit, KerasWeights.Layer)] = []
    for unit in units(depth: 0) {
      if let group = byName[unit.name] {
        pairs.append((unit, group))
        continue
      }
      for layer in unit.layers {
        guard let group = byName[layer.name] else { return nil }
        pairs.append((Unit(name: layer.name, layers: [layer]), group))
      }
    }
    return Set(pairs.map(\.1.name)).count == pairs.count ? pairs : nil
  }

  /// The layers in the model's order with the groups in the file's.
  private func pairedByOrder(_ groups: [KerasWeights.Layer]) throws(ImportError) -> [(Unit, KerasWeights.Layer)] {
    for units in [units(depth: 0), units(depth: .max)] where units.count == groups.count {
      return Array(zip(units, groups))
    }
    throw .wrongArchitecture(
      file: fileName, architecture: "the model of its configuration", expected: [units(depth: 0).count],
      found: groups.count, examples: groups.prefix(3).map(\.name), likely: nil)
  }

  /// The layers gathered by the first `depth` + 1 names of their paths, in order.
  private func units(depth: Int) -> [Unit] {
    var units: [Unit] = []
    var last: KerasNames.Path?
    for layer in layers {
      let path = Array(layer.path.prefix(depth == .max ? .max : depth + 1))
      if path == last {
        units[units.count - 1].layers.append(layer)
      } else {
        units.append(Unit(name: path[path.count - 1], layers: [layer]))
      }
      last = path
    }
    return units
  }
}
