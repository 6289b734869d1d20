import GraftTensors

/// The weights of a model as Keras 3 files them: by the way from the model to each layer, not by the layer's name.
///
/// Source: `_save_state` and `H5IOStore` in `keras/src/saving/saving_lib.py`.
public struct KerasVariables: Sendable {
  /// By path: `layers/conv2d/vars/0`, `layers/functional/layers/conv2d_1/vars/0`. The part before `vars` counts the
  /// layers of each class within their model; the number is the place among the layer's own variables: trainable ones
  /// first. The model's own lie at `vars/0`.
  ///
  /// Files of TensorFlow 2.12 and 2.13 say `_layer_checkpoint_dependencies` where all others, and these paths, say `layers`.
  public let tensors: [String: Tensor]
  /// The names of layers, by their path: `layers/conv2d` is `conv1`. Keras writes them since 3.6; empty in older files.
  public let layerNames: [String: String]

  public init(tensors: [String: Tensor], layerNames: [String: String] = [:]) {
    self.tensors = tensors
    self.layerNames = layerNames
  }

  /// The variables of one layer, in order; empty where it has none.
  ///
  /// - Parameter path: `layers/conv2d`; empty for the model itself.
  public func variables(of path: String) -> [Tensor] {
    var variables: [Tensor] = []
    while let next = tensors[(path.isEmpty ? "" : path + "/") + "vars/\(variables.count)"] { variables.append(next) }
    return variables
  }
}

extension KerasVariables {
  /// Nil where the file is not laid out as Keras 3 does it.
  ///
  /// - Throws: `FormatError` where numbers cannot be read.
  init?(_ tree: HDF5Tree) throws {
    let members = tree.root.memberNames
    guard !Set(members).isDisjoint(with: ["layers", Self.oldName, "vars"]) else { return nil }
    var tensors: [String: Tensor] = [:]
    var layerNames: [String: String] = [:]
    for entry in tree.outline.objects where !entry.path.hasPrefix("/optimizer/") {
      let parts = entry.path.split(separator: "/").map { $0 == Self.oldName ? "layers" : String($0) }
      guard let object = try tree.root.child(entry.path) else { continue }
      if parts.last == "vars", object.isGroup {
        layerNames[parts.dropLast().joined(separator: "/")] = try object.text("name")
      } else if parts.dropLast().last == "vars" {
        // Text, which vocabularies have, is no weight.
        if object.isDataSet, object.dataType == nil { continue }
        let path = parts.joined(separator: "/")
        guard tensors.updateValue(try object.tensor(), forKey: path) == nil else {
          throw tree.malformed("it holds the variable \(path) twice")
        }
      }
    }
    self.init(tensors: tensors, layerNames: layerNames)
  }

  private static let oldName = "_layer_checkpoint_dependencies"
}
