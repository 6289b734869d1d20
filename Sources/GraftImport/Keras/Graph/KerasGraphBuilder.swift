import GraftGraph
import GraftTensors

/// Walks a model, calling the converter of every layer's class, and collects what cannot be expressed instead of ending
/// at the first.
struct KerasGraphBuilder {
  private typealias Reference = KerasModel.TensorReference

  private(set) var writer: KerasGraphWriter
  private(set) var problems: [KerasProblem] = []
  private var refused: Set<KerasNames.Path> = []
  /// Calls made so far. A model that calls another twice, which calls another twice, … is small and means very many.
  private var callCount = 0
  /// Where the configuration leaves height and width open.
  let inputSize: Size2D?

  init(writer: KerasGraphWriter, inputSize: Size2D?) {
    self.writer = writer
    self.inputSize = inputSize
  }

  /// Builds the outermost model.
  mutating func build(_ model: KerasModel) {
    refuseClasses(model, path: [])
    var inputs: [Reference: String?] = [:]
    let size = inputSize
    let layersByName = Dictionary(model.layers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for reference in model.inputs where inputs[reference] == nil {
      guard let layer = layersByName[reference.layer] else { continue }
      inputs[reference] =
        attempt([layer.name], layer) { writer throws in
          try [writer.addInput(layer, inputSize: size)]
        }.first ?? nil
    }
    let outputs = build(model, path: [], values: inputs)
    guard problems.isEmpty else { return }
    let known = outputs.compactMap { $0 }
    guard known.count == outputs.count, !known.isEmpty else {
      problems.append(
        KerasProblem(
          layer: model.name, className: "model", reason: "its layers do not lead from its inputs to its outputs"))
      return
    }
    do {
      try writer.setOutputs(known)
    } catch {
      problems.append(KerasProblem(layer: model.name, className: "model", reason: "\(error)"))
    }
  }

  /// Classes are refused before anything is built, so that all of them are told.
  private mutating func refuseClasses(_ model: KerasModel, path: KerasNames.Path) {
    for layer in model.layers {
      let own = path + [layer.name]
      if let inner = layer.model {
        refuseClasses(inner, path: own)
      } else if layer.className != "InputLayer", KerasLayerTable.converter(for: layer) == nil {
        refused.insert(own)
        problems.append(
          KerasProblem(
            layer: layer.name, className: layer.className, reason: KerasLayerTable.reason(refusing: layer)))
      }
    }
  }

  /// Calls everything that the inputs lead to, in the configuration's order as far as that is possible.
  ///
  /// - Parameter values: the nodes of the model's inputs; nil where a layer before could not be expressed.
  /// - Returns: the nodes of its outputs.
  private mutating func build(
    _ model: KerasModel, path: KerasNames.Path, values: [Reference: String?]
  ) -> [String?] {
    struct Waiting {
      let layer: Int
      let call: Int
      var missing: Int
    }
    var values = values
    var waiting: [Waiting] = []
    var waitersByReference: [Reference: [Int]] = [:]
    func ready(_ layer: Int, _ call: Int, _ values: [Reference: String?]) -> Set<Reference> {
      Set(model.layers[layer].calls[call].tensors.filter { values[$0] == nil })
    }
    for (index, layer) in model.layers.enumerated() {
      for call in layer.calls.indices {
        var queue = [(index, call)]
        let missing = ready(index, call, values)
        if !missing.isEmpty {
          queue = []
          waiting.append(Waiting(layer: index, call: call, missing: missing.count))
          for reference in missing { waitersByReference[reference, default: []].append(waiting.count - 1) }
        }
        while let (index, call) = queue.popLast() {
          let layer = model.layers[index]
          let results = make(layer, call: call, path: path + [layer.name], values: values)
          for (output, node) in results.enumerated() {
            let reference = Reference(layer: layer.name, call: call, output: output)
            values[reference] = .some(node)
            for waiter in waitersByReference.removeValue(forKey: reference) ?? [] {
              waiting[waiter].missing -= 1
              if waiting[waiter].missing == 0 { queue.append((waiting[waiter].layer, waiting[waiter].call)) }
            }
          }
        }
      }
    }
    return model.outputs.map { values[$0] ?? nil }
  }

  /// The results of one call; nil for each where a layer could not be expressed, here or before.
  private mutating func make(
    _ layer: KerasLayer, call index: Int, path: KerasNames.Path, values: [Reference: String?]
  ) -> [String?] {
    let call = layer.calls[index]
    let inputs = call.tensors.map { values[$0] ?? nil }
    callCount += 1
    guard callCount <= KerasGraphWriter.mostNodes else {
      if callCount == KerasGraphWriter.mostNodes + 1 {
        problems.append(
          KerasProblem(
            layer: layer.name, className: layer.className,
            reason: "with it the network would have more than \(KerasGraphWriter.mostNodes) steps"))
      }
      return layer.model?.outputs.map { _ in nil } ?? [nil]
    }
    if let inner = layer.model {
      var innerValues: [Reference: String?] = [:]
      guard inner.inputs.count == inputs.count else {
        problems.append(
          KerasProblem(
            layer: layer.name, className: layer.className,
            reason: "it has \(inner.inputs.count) inputs, and is given \(inputs.count)"))
        return inner.outputs.map { _ in nil }
      }
      for (reference, input) in zip(inner.inputs, inputs) { innerValues[reference] = .some(input) }
      return build(inner, path: path, values: innerValues)
    }
    let known = inputs.compactMap { $0 }
    guard known.count == inputs.count, !refused.contains(path) else { return [nil] }
    guard let converter = KerasLayerTable.converter(for: layer) else { return [nil] }
    let layerCall = KerasLayerCall(
      layer: layer, path: path, name: writer.names.layerName(path), inputs: known, call: call)
    return attempt(path, layer) { writer throws in try converter(layerCall, &writer) }
  }

  /// Runs `body`; what it throws becomes a problem, told once for each layer.
  private mutating func attempt(
    _ path: KerasNames.Path, _ layer: KerasLayer, _ body: (inout KerasGraphWriter) throws -> [String]
  ) -> [String?] {
    do {
      return try body(&writer).map { $0 }
    } catch {
      if refused.insert(path).inserted {
        let reason = (error as? KerasRefusal)?.reason ?? "\(error)"
        problems.append(KerasProblem(layer: layer.name, className: layer.className, reason: reason))
      }
      return [nil]
    }
  }
}

extension KerasGraphWriter {
  /// Adds an input of the network.
  fileprivate mutating func addInput(_ layer: KerasLayer, inputSize: Size2D?) throws -> String {
    let name = names.layerName([layer.name])
    return try add(InputLayer(name, shape: inputShape(layer, inputSize: inputSize)), after: [])
  }

  /// The shape that an input layer names, or a first layer of old, without the batch.
  private func inputShape(_ layer: KerasLayer, inputSize: Size2D?) throws(KerasRefusal) -> Shape {
    let options = KerasOptions(values: layer.options)
    let dimensions: [KerasValue]
    if let whole = options.value("batch_input_shape", "batch_shape")?.list, !whole.isEmpty {
      dimensions = Array(whole.dropFirst())
    } else if let shape = options.value("input_shape", "shape")?.list {
      dimensions = shape
    } else if let length = options.value("input_dim") {
      dimensions = [length]
    } else {
      throw KerasRefusal("the configuration does not say the shape of the network's input")
    }
    guard (1...3).contains(dimensions.count) else {
      throw KerasRefusal("it takes tensors of \(dimensions.count) dimensions, so this is no network for images")
    }
    var sizes = dimensions.map { $0.integer }
    if dimensions.count == 3 {
      let (height, width) = layout.isChannelsLast ? (0, 1) : (1, 2)
      sizes[height] = sizes[height] ?? inputSize?.height
      sizes[width] = sizes[width] ?? inputSize?.width
    }
    let known = sizes.compactMap { $0 }
    guard known.count == sizes.count else {
      throw KerasRefusal(
        "it takes images of any size (\(KerasValue.list(dimensions).summary)); say which size is meant, --image-size 224"
      )
    }
    return layout.graphShape(known)
  }
}
