import GraftFormats
import GraftTensors

/// Finds the tensors of all layers in a file of Keras 3, whose paths hold no layer's name but its class, in snake case and
/// numbered within its model: `layers/conv2d_1/vars/0`.
///
/// Source: `keras/src/saving/saving_lib.py`. Numbers have gaps in files of Keras 2.12 to 2.15, which count some layers
/// twice; so layers of one class are matched in order, not by number.
struct KerasPaths {
  let tensors: [String: Tensor]
  let model: KerasModel
  let layers: [KerasWeightedLayer]
  let fileName: String

  /// What lists of layers have been called, `layers` today.
  private static let containers = [
    "layers", "_layer_checkpoint_dependencies", "_operations", "_self_tracked_trackables",
  ]

  /// The tensors of one owner, by number.
  private struct Owner {
    let path: String
    var tensors: [Int: Tensor] = [:]
  }

  func assignments() throws(ImportError) -> KerasAssignments {
    var owners: [String: Owner] = [:]
    for (path, tensor) in tensors {
      let parts = path.split(separator: "/").map(String.init)
      guard parts.count >= 2, parts[parts.count - 2] == "vars", let number = Int(parts[parts.count - 1]) else {
        continue
      }
      let owner = parts.dropLast(2).joined(separator: "/")
      owners[owner, default: Owner(path: owner)].tensors[number] = tensor
    }
    var places: [KerasNames.Path: String] = [:]
    locate(model, path: [], prefix: "", owners: owners, &places)
    var result = KerasAssignments()
    var used: Set<String> = []
    for layer in layers {
      guard let place = places[layer.path], let owner = owners[place] else {
        throw .missingTensor(
          file: fileName, tensor: layer.slots[0].name, shape: layer.slots[0].fileShape ?? [], suggestions: [])
      }
      let found = owner.tensors.sorted { $0.key < $1.key }
      guard found.count == layer.slots.count else {
        throw .tensorCount(file: fileName, layer: layer.name, expected: layer.slots.count, found: found.count)
      }
      used.insert(place)
      let assignments = zip(layer.slots, found).map { slot, item in
        KerasAssignment(slot: slot, tensor: item.value, source: "\(place)/vars/\(item.key)")
      }
      result.found.append((layer, assignments))
    }
    result.unused = owners.values.filter { !used.contains($0.path) && !Self.isState($0.path) }
      .flatMap { owner in owner.tensors.keys.map { "\(owner.path)/vars/\($0)" } }.sorted()
    return result
  }

  /// What training leaves behind: the optimizer, metrics, and random generators.
  private static func isState(_ path: String) -> Bool {
    ["optimizer", "metrics", "_metrics", "compile_metrics", "compiled_metrics"].contains { path.hasPrefix($0) }
      || path.contains("seed_generator") || path.contains("random_generator")
  }

  /// Finds where in the file each layer of a model lies.
  private func locate(
    _ model: KerasModel, path: KerasNames.Path, prefix: String, owners: [String: Owner],
    _ places: inout [KerasNames.Path: String]
  ) {
    let wanted = Set(layers.map(\.path))
    for container in Self.containers {
      let start = prefix + container + "/"
      let names = Set(
        owners.keys.filter { $0.hasPrefix(start) }
          .compactMap { $0.dropFirst(start.count).split(separator: "/").first.map(String.init) })
      guard !names.isEmpty else { continue }
      let byClass = Dictionary(grouping: names.map(NumberedName.init), by: \.base)
      let members = model.layers.filter { layer in
        let own = path + [layer.name]
        return wanted.contains { $0.starts(with: own) }
      }
      for (className, members) in Dictionary(grouping: members, by: { Self.snakeCase($0.className) }) {
        let found = (byClass[className] ?? []).filter { name in
          owners.contains { key, owner in
            (key == start + name.text || key.hasPrefix("\(start)\(name.text)/")) && !owner.tensors.isEmpty
              && !Self.isState(key)
          }
        }.sorted { $0.number < $1.number }
        for (layer, name) in zip(members, found) {
          let own = path + [layer.name]
          if let inner = layer.model {
            locate(inner, path: own, prefix: "\(start)\(name.text)/", owners: owners, &places)
          } else {
            places[own] = start + name.text
          }
        }
      }
      return
    }
  }

  /// `conv2d_1` as `conv2d` and 1.
  private struct NumberedName {
    let text: String
    let base: String
    let number: Int

    init(_ text: String) {
      self.text = text
      let parts = text.split(separator: "_")
      if parts.count > 1, let last = parts.last, let number = Int(last), last.allSatisfy(\.isNumber) {
        base = String(text.dropLast(last.count + 1))
        self.number = number
      } else {
        base = text
        number = 0
      }
    }
  }

  /// `DepthwiseConv2D` is `depthwise_conv2d`. Source: `to_snake_case` in `keras/src/utils/naming.py`.
  static func snakeCase(_ name: String) -> String {
    let letters = Array(name.filter { $0 == "_" || $0.isLetter || $0.isNumber })
    var result = ""
    for (index, letter) in letters.enumerated() {
      let previous = index > 0 ? letters[index - 1] : nil
      let next = index + 1 < letters.count ? letters[index + 1] : nil
      if letter.isUppercase, let previous, previous != "_" {
        let endsRun = next?.isLowercase ?? false
        if previous.isLowercase || endsRun { result.append("_") }
      }
      result.append(contentsOf: letter.lowercased())
    }
    return result
  }
}
