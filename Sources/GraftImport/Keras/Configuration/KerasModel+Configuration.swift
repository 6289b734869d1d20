/// Reading `{"class_name": …, "config": …}` of a model.
extension KerasModel {
  /// Beyond any network; a bound on what a file can ask for.
  static let mostLayers = 20_000
  static let deepestNesting = 32

  /// The classes whose configuration lists layers. `Model` is what Keras 1 and 2 call `Functional`.
  static let classes: Set<String> = ["Sequential", "Functional", "Model"]

  /// - Parameter value: the model's object, whose `config` is a list of layers in Keras 1 and early Keras 2 sequences.
  init(_ value: KerasValue, depth: Int = 0) throws(KerasConfigurationError) {
    guard let className = value["class_name"]?.text, let config = value["config"] else {
      throw .unreadable("it has no “class_name” and “config”, as every model of Keras has")
    }
    guard depth <= Self.deepestNesting else {
      throw .unreadable("it nests models more than \(Self.deepestNesting) deep")
    }
    guard let entries = config.list ?? config["layers"]?.list else {
      throw .unreadable("its model is of the class “\(className)”, which is Python code of its own and lists no layers")
    }
    guard entries.count <= Self.mostLayers else {
      throw .unreadable("it lists \(entries.count) layers, and \(Self.mostLayers) are allowed")
    }
    name = config["name"]?.text ?? value["name"]?.text ?? className.lowercased()
    isTrainable = config["trainable"]?.bool ?? true
    layers = []
    for (index, entry) in entries.enumerated() {
      layers.append(try KerasLayer(entry, index: index, depth: depth))
    }
    inputs = []
    outputs = []
    var seen: Set<String> = []
    for layer in layers where !seen.insert(layer.name).inserted {
      throw .unreadable("it names two layers of one model “\(layer.name)”")
    }
    if config["input_layers"] == nil, className == "Sequential" || config.list != nil {
      try chain(buildShape: config["build_input_shape"] ?? value["build_config"]?["input_shape"])
    } else {
      inputs = try Self.references(config["input_layers"], "input_layers")
      outputs = try Self.references(config["output_layers"], "output_layers")
      countCallsFromZero()
    }
  }

  /// A nested model counts its own making as its first call, in the files of nearly all versions. All calls in a file lead
  /// to an output; so where the last one named is one too many, the count began at 1.
  private mutating func countCallsFromZero() {
    var last: [String: Int] = [:]
    for reference in layers.flatMap({ $0.calls.flatMap(\.tensors) }) + outputs {
      last[reference.layer] = max(last[reference.layer] ?? 0, reference.call)
    }
    let late = Set(layers.filter { !$0.calls.isEmpty && last[$0.name] == $0.calls.count }.map(\.name))
    guard !late.isEmpty else { return }
    func counted(_ reference: TensorReference) -> TensorReference {
      var reference = reference
      if late.contains(reference.layer) { reference.call -= 1 }
      return reference
    }
    outputs = outputs.map(counted)
    for layer in layers.indices {
      layers[layer].calls = layers[layer].calls.map { $0.renamingTensors(counted) }
    }
  }

  /// Makes a sequence of the layers: each is called once, with what the one before it returns.
  private mutating func chain(buildShape: KerasValue?) throws(KerasConfigurationError) {
    guard let first = layers.first else { throw .unreadable("it is a sequence without layers") }
    if first.className != "InputLayer" {
      // Old files say the shape of the input in the options of the first layer; that of a nested model is its own.
      var options: [String: KerasValue] = [:]
      for key in ["batch_input_shape", "batch_shape", "input_shape", "input_dim", "input_dtype"] {
        options[key] = first.options[key]
      }
      if options["batch_input_shape"] == nil, options["batch_shape"] == nil, options["input_shape"] == nil {
        options["batch_input_shape"] = first.model?.inputShape ?? buildShape
      }
      var name = first.name + "_input"
      while layers.contains(where: { $0.name == name }) { name += "_" }
      layers.insert(
        KerasLayer(name: name, className: "InputLayer", options: options, calls: []), at: 0)
    }
    inputs = [TensorReference(layer: layers[0].name, call: 0, output: 0)]
    for index in layers.indices.dropFirst() {
      layers[index].calls = [KerasCall(TensorReference(layer: layers[index - 1].name, call: 0, output: 0))]
    }
    outputs = [TensorReference(layer: layers[layers.count - 1].name, call: 0, output: 0)]
  }

  /// What the first input layer says of its shape, batch first.
  private var inputShape: KerasValue? {
    guard let input = layers.first(where: { $0.name == inputs.first?.layer }) else { return nil }
    return input.options["batch_input_shape"] ?? input.options["batch_shape"] ?? input.model?.inputShape
  }

  /// `[["conv", 0, 0], …]`, or one `["conv", 0, 0]` alone, or either below names or in lists of its own.
  private static func references(
    _ value: KerasValue?, _ key: String
  ) throws(KerasConfigurationError) -> [TensorReference] {
    guard let value else { throw .unreadable("its model has no “\(key)”") }
    if let reference = TensorReference(value) { return [reference] }
    var references: [TensorReference] = []
    for item in value.list ?? value.object?.sorted(by: { $0.key < $1.key }).map(\.value) ?? [] {
      references += try Self.references(item, key)
    }
    guard !references.isEmpty else {
      throw .unreadable("its model has “\(key)” \(value.summary), which names no layers")
    }
    return references
  }
}

extension KerasLayer {
  fileprivate init(_ value: KerasValue, index: Int, depth: Int) throws(KerasConfigurationError) {
    guard let className = value["class_name"]?.text, let config = value["config"] else {
      throw .layer("number \(index)", reason: "it has no “class_name” and “config”")
    }
    self.className = className
    options = config.object ?? [:]
    let number = index == 0 ? "" : "_\(index)"
    name = value["name"]?.text ?? options["name"]?.text ?? className.lowercased() + number
    guard !name.isEmpty, name.utf8.count <= 1024 else {
      throw .layer("number \(index)", reason: "its name is empty or longer than 1,024 bytes")
    }
    model = nil
    // Keras 1's `Merge` may list the branches that it joins.
    let listsLayers = config.list != nil || config["layers"]?.list != nil && className != "Merge"
    if KerasModel.classes.contains(className) || listsLayers { model = try KerasModel(value, depth: depth + 1) }
    calls = try KerasCall.calls(value["inbound_nodes"], layer: name)
    // `.h5` files leave the module out; but every layer says whether it trains.
    let isCalledAsKerasThree = value["inbound_nodes"]?.list?.first?.object != nil
    isOperation =
      value["module"]?.text?.contains(".ops") ?? (isCalledAsKerasThree && options["trainable"] == nil && model == nil)
  }
}
