import GraftGraph
import GraftTensors

/// The layers of a Keras model as they come together, a node of the graph at a time.
struct KerasBuilder {
  /// What a layer returns, channels last.
  struct Value {
    let output: KerasModel.Output
    /// Of one image.
    let shape: [Int]
    /// Whether no number can be below zero, so that padding with zeros never wins a maximum.
    var isNonNegative = false
  }

  private(set) var model = KerasModel()
  private let parameters: Parameters
  private var usedNames: Set<String> = []
  /// Where the layers that have weights are, by their names in the graph: nodes that share one call it again.
  private var shared: [String: Int] = [:]
  /// The node at work.
  private var node: LayerGraph.Node?

  init(_ parameters: Parameters) {
    self.parameters = parameters
  }

  mutating func begin(_ node: LayerGraph.Node) {
    self.node = node
  }

  mutating func finish(outputs: [Value]) {
    model.outputs = outputs.map(\.output)
  }

  mutating func addInput(_ shape: Shape) -> Value {
    let shape = shape.channelsLast
    let value = append("InputLayer", name: node?.name ?? "input", [:], [], KerasModel.Call(inputs: [], shape: shape))
    model.inputs.append(value.output)
    return value
  }

  /// Appends a layer without weights.
  ///
  /// - Parameters:
  ///   - shape: what it returns for one image, channels last.
  ///   - suffix: what to add to the node's name where the node takes several layers.
  mutating func add(
    _ className: String, _ inputs: [Value], shape: [Int], _ options: [String: KerasConfiguration] = [:],
    suffix: String? = nil
  ) -> Value {
    let name = (node?.name ?? "") + (suffix.map { "_\($0)" } ?? "")
    return append(className, name: name, options, [], KerasModel.Call(inputs: inputs.map(\.output), shape: shape))
  }

  /// Appends the node's layer that has weights, or calls it again where another node has it too.
  mutating func addWeighted(
    _ className: String, _ input: Value, shape: [Int], _ options: [String: KerasConfiguration],
    weights: [KerasModel.Weight]
  ) throws -> Value {
    let call = KerasModel.Call(inputs: [input.output], shape: shape)
    let name = node?.layer.name ?? ""
    guard let index = shared[name] else {
      let value = append(className, name: name, options, weights, call)
      shared[name] = value.output.layer
      return value
    }
    guard model.layers[index].options == options else {
      throw Inexpressible("another node has the same layer with other options")
    }
    model.layers[index].calls.append(call)
    return Value(output: KerasModel.Output(layer: index, call: model.layers[index].calls.count - 1), shape: shape)
  }

  /// The tensor of one of the layer's parameters.
  func parameter(_ role: ParameterSpecification.Role) throws -> Tensor {
    guard let specification = node?.parameters.first(where: { $0.role == role }) else {
      throw Inexpressible("it has no \(role.rawValue)")
    }
    guard let tensor = parameters[specification.name] else {
      throw ExportError.missingParameter(name: specification.name, shape: specification.shape)
    }
    return tensor.converted(to: .float32)
  }

  /// The layer's parameters of these roles that it has, under Keras's names and as they are in the graph.
  func weights(_ roles: [ParameterSpecification.Role]) throws -> [KerasModel.Weight] {
    try roles.filter { role in node?.parameters.contains { $0.role == role } == true }
      .map { KerasModel.Weight(name: $0.rawValue, tensor: try parameter($0)) }
  }

  private mutating func append(
    _ className: String, name: String, _ options: [String: KerasConfiguration], _ weights: [KerasModel.Weight],
    _ call: KerasModel.Call
  ) -> Value {
    model.layers.append(
      KerasModel.Layer(
        name: unusedName(like: name), className: className, options: options, weights: weights, calls: [call]))
    return Value(output: KerasModel.Output(layer: model.layers.count - 1, call: 0), shape: call.shape)
  }

  /// Keras 3 refuses `/` in a name, and TensorFlow's scopes, which tf.keras makes of names, all but a few characters.
  private mutating func unusedName(like name: String) -> String {
    let allowed = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) ? $0 : "_" }
    let trimmed = String(allowed.drop { "_-".contains($0) })
    let base = trimmed.isEmpty ? "layer" : trimmed
    var candidate = base
    var number = 1
    while !usedNames.insert(candidate).inserted {
      candidate = "\(base)_\(number)"
      number += 1
    }
    return candidate
  }
}

extension Shape {
  /// One image's dimensions as Keras has them.
  var channelsLast: [Int] { rank > 1 ? Array(dimensions.dropFirst()) + [dimensions[0]] : dimensions }
}
