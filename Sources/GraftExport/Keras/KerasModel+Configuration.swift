import Foundation

extension KerasModel {
  /// Which generation of Keras is to read the configuration.
  enum Dialect {
    /// The form of Keras 2, which Keras 3 reads as well: in HDF5 files.
    case keras2
    /// In `.keras` archives.
    case keras3
  }

  /// The network in JSON, as `model_config` or `config.json` holds it.
  func json(_ dialect: Dialect) throws -> String {
    let layers = KerasConfiguration.list(layerOrder.map { configuration(of: self.layers[$0], dialect) })
    let functional: KerasConfiguration = [
      "name": .text(name), "trainable": true, "layers": layers,
      "input_layers": .list(inputs.map { history(of: $0) }), "output_layers": .list(outputs.map { history(of: $0) }),
    ]
    let model: KerasConfiguration =
      switch dialect {
      case .keras2: ["class_name": "Functional", "config": functional]
      case .keras3:
        [
          "module": "keras.src.models.functional", "class_name": "Functional", "config": functional,
          "registered_name": "Functional",
        ]
      }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(model), as: UTF8.self)
  }

  private func configuration(of layer: Layer, _ dialect: Dialect) -> KerasConfiguration {
    var options = layer.options
    options["name"] = .text(layer.name)
    options["dtype"] = "float32"
    if layer.className == "InputLayer" {
      let key = dialect == .keras2 ? "batch_input_shape" : "batch_shape"
      options[key] = .batch(of: layer.calls[0].shape)
      options["sparse"] = false
      options["ragged"] = false
    }
    var configuration: [String: KerasConfiguration] = [
      "class_name": .text(layer.className), "config": .object(options), "name": .text(layer.name),
      "inbound_nodes": .list(
        layer.calls.filter { !$0.inputs.isEmpty }.map { call in
          dialect == .keras2 ? inboundNode(of: call) : callArguments(of: call)
        }),
    ]
    if dialect == .keras3 {
      configuration["module"] = "keras.layers"
      configuration["registered_name"] = nil
    }
    return .object(configuration)
  }

  /// `[["conv1", 0, 0, {}], …]`.
  private func inboundNode(of call: Call) -> KerasConfiguration {
    .list(
      call.inputs.map { input in
        [.text(layers[input.layer].name), .integer(input.call), 0, [:]]
      })
  }

  /// The arguments of a call, in which tensors are objects.
  private func callArguments(of call: Call) -> KerasConfiguration {
    let tensors = call.inputs.map { input -> KerasConfiguration in
      [
        "class_name": "__keras_tensor__",
        "config": [
          "shape": .batch(of: self.call(input).shape), "dtype": "float32", "keras_history": history(of: input),
        ],
      ]
    }
    return ["args": .list(tensors.count == 1 ? tensors : [.list(tensors)]), "kwargs": [:]]
  }

  private func history(of output: Output) -> KerasConfiguration {
    [.text(layers[output.layer].name), .integer(output.call), 0]
  }
}

extension KerasConfiguration {
  /// `[null, 224, 224, 3]`.
  fileprivate static func batch(of shape: [Int]) -> KerasConfiguration {
    .list([.null] + shape.map { .integer($0) })
  }
}
