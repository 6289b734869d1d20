import GraftFormats
import GraftTensors

/// Finds the tensors of all layers in a file of Keras 3, whose paths tell a layer by its class, in snake case and numbered
/// within its model: `layers/conv2d_1/vars/0`.
///
/// Source: `keras/src/saving/saving_lib.py`. Numbers have gaps in files of TensorFlow 2.12 and 2.13, which count some layers
/// twice; so layers of one class are matched in order, not by number. Since 3.6 files hold the layers' names too.
struct KerasPaths {
  let variables: KerasVariables
  let model: KerasModel
  let layers: [KerasWeightedLayer]
  let fileName: String

  func assignments() throws(ImportError) -> KerasAssignments {
    let owners = owners
    let wanted = Set(layers.flatMap { layer in layer.path.indices.map { Array(layer.path[...$0]) } })
    var places: [KerasNames.Path: String] = [:]
    locate(model, path: [], prefix: "", tree: KerasPathTree(owners), wanted, &places)
    var result = KerasAssignments()
    var used: Set<String> = []
    for layer in layers {
      guard let place = places[layer.path], owners.contains(place) else {
        throw .missingTensor(
          file: fileName, tensor: layer.slots[0].name, shape: layer.slots[0].fileShape ?? [], suggestions: [])
      }
      let found = variables.variables(of: place)
      guard found.count == layer.slots.count else {
        throw .tensorCount(file: fileName, layer: layer.name, expected: layer.slots.count, found: found.count)
      }
      used.insert(place)
      let assignments = layer.slots.indices.map { index in
        KerasAssignment(slot: layer.slots[index], tensor: found[index], source: "\(place)/vars/\(index)")
      }
      result.found.append((layer, assignments))
    }
    result.unused = owners.subtracting(used)
      .flatMap { owner in variables.variables(of: owner).indices.map { "\(owner)/vars/\($0)" } }.sorted()
    return result
  }

  /// The paths of all that has variables: layers, but not what only training needs.
  private var owners: Set<String> {
    var owners: Set<String> = []
    for path in variables.tensors.keys {
      let parts = path.split(separator: "/")
      guard parts.count > 2, parts[parts.count - 2] == "vars", parts[0] == "layers" else { continue }
      guard !parts.contains("seed_generator"), !parts.contains("_random_generator") else { continue }
      owners.insert(parts.dropLast(2).joined(separator: "/"))
    }
    return owners
  }

  /// Finds where in the file each layer of a model lies.
  private func locate(
    _ model: KerasModel, path: KerasNames.Path, prefix: String, tree: KerasPathTree, _ wanted: Set<KerasNames.Path>,
    _ places: inout [KerasNames.Path: String]
  ) {
    let start = prefix + "layers"
    let members = model.layers.filter { wanted.contains(path + [$0.name]) }
    let found = tree.members(of: start)
    let byName = Dictionary(
      found.compactMap { member in variables.layerNames["\(start)/\(member)"].map { ($0, member) } },
      uniquingKeysWith: { first, _ in first })
    let isNamed = members.allSatisfy { byName[$0.name] != nil }
    let byClass = Dictionary(grouping: found.map(NumberedName.init), by: \.base)
    for (className, members) in Dictionary(grouping: members, by: { Self.snakeCase($0.className) }) {
      let numbered = (byClass[className] ?? []).sorted { $0.number < $1.number }.map(\.text)
      let names = isNamed ? members.compactMap { byName[$0.name] } : numbered
      for (layer, name) in zip(members, names) {
        let own = path + [layer.name]
        if let inner = layer.model {
          locate(inner, path: own, prefix: "\(start)/\(name)/", tree: tree, wanted, &places)
        } else {
          places[own] = "\(start)/\(name)"
        }
      }
    }
  }

  /// `conv2d_1` as `conv2d` and 1.
  private struct NumberedName {
    let text: String
    let base: String
    let number: Int

    init(_ text: String) {
      self.text = text
      if let last = text.split(separator: "_").last, last.count < text.count, let number = Int(last) {
        base = String(text.dropLast(last.count + 1))
        self.number = number
      } else {
        base = text
        number = 0
      }
    }
  }

  /// `DepthwiseConv2D` is `depthwise_conv2d`, `PReLU` is `p_re_lu`. Source: `to_snake_case` in
  /// `keras/src/utils/naming.py`. `Model` is what files before Keras 2.4 call `Functional`.
  static func snakeCase(_ name: String) -> String {
    let letters = Array((name == "Model" ? "Functional" : name).filter { $0 == "_" || $0.isLetter || $0.isNumber })
    var result = ""
    for (index, letter) in letters.enumerated() {
      if letter.isUppercase, index > 0, letters[index - 1] != "_" {
        // A word begins after a small letter, and at a capital before one.
        let beginsWord = index + 1 < letters.count && letters[index + 1].isLowercase
        if letters[index - 1].isLowercase || beginsWord { result.append("_") }
      }
      result.append(contentsOf: letter.lowercased())
    }
    return result
  }
}

/// Which names stand directly below each path.
struct KerasPathTree {
  private var names: [String: Set<String>] = [:]

  init(_ paths: Set<String>) {
    for path in paths {
      var parent = ""
      for part in path.split(separator: "/").map(String.init) {
        names[parent, default: []].insert(part)
        parent = parent.isEmpty ? part : "\(parent)/\(part)"
      }
    }
  }

  func members(of path: String) -> Set<String> { names[path] ?? [] }
}
