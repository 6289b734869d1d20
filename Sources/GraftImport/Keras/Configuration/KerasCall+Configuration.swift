/// Reading `inbound_nodes`: every call of a layer, in the form of its time.
extension KerasCall {
  private static let deepestNesting = 16

  static func calls(_ value: KerasValue?, layer: String) throws(KerasConfigurationError) -> [KerasCall] {
    var calls: [KerasCall] = []
    for node in value?.list ?? [] {
      if node.object != nil {
        calls.append(try KerasCall(kerasThree: node, layer: layer))
      } else {
        calls.append(try KerasCall(kerasTwo: node, layer: layer))
      }
    }
    return calls
  }

  /// `[["conv", 0, 0, {keywords}], …]`; TensorFlow's functions have `["conv", 0, 0, {"y": ["other", 0, 0]}]` alone.
  private init(kerasTwo node: KerasValue, layer: String) throws(KerasConfigurationError) {
    var keywords: [String: Argument] = [:]
    let argument = try Self.argument(kerasTwo: node, keywords: &keywords, depth: 0, layer: layer)
    // Several tensors are one argument: the list that a merging layer takes.
    if case .list(let items) = argument, items.count == 1 {
      arguments = items
    } else {
      arguments = [argument]
    }
    self.keywords = keywords
  }

  private static func argument(
    kerasTwo value: KerasValue, keywords: inout [String: Argument], depth: Int, layer: String
  ) throws(KerasConfigurationError) -> Argument {
    guard depth <= deepestNesting else { throw .layer(layer, reason: "its inputs nest too deeply") }
    guard let items = value.list else {
      throw .layer(layer, reason: "one of its inputs is \(value.summary), not a list")
    }
    guard items.first?.text != nil else {
      var arguments: [Argument] = []
      for item in items {
        arguments.append(try argument(kerasTwo: item, keywords: &keywords, depth: depth + 1, layer: layer))
      }
      return .list(arguments)
    }
    for (key, value) in items.dropFirst(3).first?.object ?? [:] {
      keywords[key] = reading(kerasTwo: value)
    }
    // A constant before the tensors: the 1.0 of `1.0 - x`.
    if items[0].text == "_CONSTANT_VALUE" { return .constant(items.count > 2 ? items[2] : .null) }
    guard let reference = KerasModel.TensorReference(value) else {
      throw .layer(layer, reason: "one of its inputs is \(value.summary), which names no layer's output")
    }
    return .tensor(reference)
  }

  /// A keyword's value: `["conv", 0, 0]` is a tensor.
  private static func reading(kerasTwo value: KerasValue) -> Argument {
    if let reference = KerasModel.TensorReference(value) { return .tensor(reference) }
    if let items = value.list, !items.isEmpty {
      let references = items.compactMap { KerasModel.TensorReference($0) }
      if references.count == items.count { return .list(references.map { .tensor($0) }) }
    }
    return .constant(value)
  }

  /// `{"args": […], "kwargs": {…}}`, with tensors as objects of the class `__keras_tensor__`.
  private init(kerasThree node: KerasValue, layer: String) throws(KerasConfigurationError) {
    arguments = []
    keywords = [:]
    for value in node["args"]?.list ?? [] {
      arguments.append(try Self.argument(kerasThree: value, depth: 0, layer: layer))
    }
    for (key, value) in node["kwargs"]?.object ?? [:] {
      keywords[key] = try Self.argument(kerasThree: value, depth: 0, layer: layer)
    }
  }

  private static func argument(
    kerasThree value: KerasValue, depth: Int, layer: String
  ) throws(KerasConfigurationError) -> Argument {
    guard depth <= deepestNesting else { throw .layer(layer, reason: "its inputs nest too deeply") }
    if value["class_name"]?.text == "__keras_tensor__" {
      guard let history = value["config"]?["keras_history"], let reference = KerasModel.TensorReference(history) else {
        throw .layer(layer, reason: "one of its inputs does not say which layer's output it is")
      }
      return .tensor(reference)
    }
    guard let items = value.list else { return .constant(value) }
    var arguments: [Argument] = []
    for item in items { arguments.append(try argument(kerasThree: item, depth: depth + 1, layer: layer)) }
    // A list of constants is a constant: the shape of a reshaping.
    return arguments.flatMap(\.tensors).isEmpty ? .constant(value) : .list(arguments)
  }
}

extension KerasModel.TensorReference {
  /// `["conv", 0, 0]`, or with keywords behind; the numbers may be missing.
  init?(_ value: KerasValue) {
    guard let items = value.list, let name = items.first?.text, items.count <= 4 else { return nil }
    let numbers = items.dropFirst().prefix(2).map(\.integer)
    guard numbers.count == 2, let call = numbers[0], let output = numbers[1], call >= 0, output >= 0 else { return nil }
    layer = name
    self.call = call
    self.output = output
  }
}
