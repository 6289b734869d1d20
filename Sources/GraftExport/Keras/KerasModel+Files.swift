import Foundation
import GraftFormats

extension KerasModel {
  /// The version whose form an HDF5 file's configuration and weights have.
  private static let hdf5Version = "2.15.0"
  /// The oldest whose archives have this form throughout.
  private static let archiveVersion = "3.0.0"

  /// A whole model as Keras 2 saved it. Source: `keras/src/legacy/saving/legacy_h5_format.py`.
  func hdf5(_ extras: KerasExporter.Extras) throws -> HDF5Group {
    var root = HDF5Group()
    root.attributes["model_config"] = .text(try json(.keras2))
    root.attributes["keras_version"] = .text(Self.hdf5Version)
    root.attributes["backend"] = .text("tensorflow")
    for (name, json) in extras.named { root.attributes[name] = .text(json) }
    let ordered = layerOrder.map { layers[$0] }
    root.withGroup(at: "model_weights") { group in
      group.attributes["layer_names"] = .fixedTexts(ordered.map(\.name))
      group.attributes["keras_version"] = .text(Self.hdf5Version)
      group.attributes["backend"] = .text("tensorflow")
      for layer in ordered {
        group.withGroup(at: layer.name) { member in
          let names = layer.weights.map { "\(layer.name)/\($0.name):0" }
          member.attributes["weight_names"] = .fixedTexts(names)
          for (name, weight) in zip(names, layer.weights) { member.add(weight.tensor, at: name) }
        }
      }
    }
    return root
  }

  /// The weights as Keras 3 has them: layers numbered by their kinds, weights by their order.
  /// Source: `_save_state` in `keras/src/saving/saving_lib.py`.
  var variables: HDF5Group {
    var root = HDF5Group()
    root.withGroup(at: "vars") { _ in }
    var counts: [String: Int] = [:]
    for layer in layerOrder.map({ layers[$0] }) {
      let kind = layer.className.snakeCase
      let number = counts[kind, default: 0]
      counts[kind] = number + 1
      root.withGroup(at: "layers/\(kind)\(number == 0 ? "" : "_\(number)")/vars") { group in
        group.attributes["name"] = .text(layer.name)
        for (index, weight) in layer.weights.enumerated() { group.add(weight.tensor, at: String(index)) }
      }
    }
    return root
  }

  /// Writes Keras 3's archive: `metadata.json`, `config.json` and `model.weights.h5`.
  func writeArchive(_ extras: KerasExporter.Extras, to url: URL) throws {
    var metadata: [String: KerasConfiguration] = ["keras_version": .text(Self.archiveVersion)]
    for (name, json) in extras.named { metadata[name] = .text(json) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try ZipArchive.write(
      [
        ("metadata.json", .bytes(try encoder.encode(KerasConfiguration.object(metadata)))),
        ("config.json", .bytes(Data(try json(.keras3).utf8))),
        ("model.weights.h5", .file { try variables.write(to: $0) }),
      ], to: url)
  }
}

extension String {
  /// `BatchNormalization` as `batch_normalization`, `Conv2D` as `conv2d`, `PReLU` as `p_re_lu`: two rules one after the
  /// other. Source: `to_snake_case` in `keras/src/utils/naming.py`.
  var snakeCase: String {
    replacing(#/(.)([A-Z][a-z]+)/#) { "\($0.1)_\($0.2)" }
      .replacing(#/([a-z])([A-Z])/#) { "\($0.1)_\($0.2)" }
      .lowercased()
  }
}
