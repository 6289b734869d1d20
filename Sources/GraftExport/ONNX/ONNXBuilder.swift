import GraftFormats
import GraftGraph
import GraftTensors

/// The operators and tensors of an ONNX graph as they come together, a layer at a time.
struct ONNXBuilder {
  /// A value that feeds an operator, with its shape for one image.
  struct Value {
    let name: String
    let shape: Shape

    init(_ name: String, shape: Shape) {
      self.name = name
      self.shape = shape
    }
  }

  private(set) var nodes: [ONNXNode] = []
  private(set) var initializers: [ONNXInitializer] = []
  var inputs: [ONNXValue] = []
  private let parameters: Parameters
  private var initializerNames: Set<String> = []
  /// The layer at work.
  private(set) var node: LayerGraph.Node?
  /// How many values of the layer's own have been named.
  private var intermediateCount = 0

  init(_ parameters: Parameters) {
    self.parameters = parameters
  }

  mutating func begin(_ node: LayerGraph.Node) {
    self.node = node
    intermediateCount = 0
  }

  /// The name of the layer at work's output.
  var output: String { node?.name ?? "" }

  /// Appends an operator within the layer and returns the name of what it computes.
  mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:]
  ) -> String {
    intermediateCount += 1
    let name = "\(output)/\(type)_\(intermediateCount)"
    nodes.append(ONNXNode(type, name: name, inputs: inputs, outputs: [name], attributes: attributes))
    return name
  }

  /// Appends the layer's last operator, whose output bears the layer's name.
  mutating func finish(_ type: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:]) {
    nodes.append(ONNXNode(type, name: output, inputs: inputs, outputs: [output], attributes: attributes))
  }

  /// Appends the layer's last operator and its activation.
  mutating func finish(
    _ type: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:],
    then activation: Activation.Function
  ) throws {
    if activation == .linear { return finish(type, inputs, attributes) }
    let linear = add(type, inputs, attributes)
    try activation.export(Value(linear, shape: node?.shape ?? []), to: &self)
  }

  /// The initializer of one of the layer's parameters: `conv1/kernel`. A layer that several nodes share has it once.
  ///
  /// - Parameters:
  ///   - shape: another shape of the same elements.
  ///   - change: what is made of the numbers.
  mutating func parameter(
    _ role: ParameterSpecification.Role, shape: Shape? = nil, _ change: (Tensor) -> Tensor = { $0 }
  ) throws -> String {
    guard let specification = node?.parameters.first(where: { $0.role == role }) else {
      throw Inexpressible("it has no \(role.rawValue)")
    }
    guard let tensor = parameters[specification.name] else {
      throw ExportError.missingParameter(name: specification.name, shape: specification.shape)
    }
    let float = change(tensor.converted(to: .float32))
    return initializer(specification.name, shape.map { float.reshaped($0) } ?? float)
  }

  /// The layer's parameter, or as many ones or zeros where the layer does without.
  mutating func parameter(
    _ role: ParameterSpecification.Role, orAll number: Float, count: Int
  ) throws -> String {
    if node?.parameters.contains(where: { $0.role == role }) == true { return try parameter(role) }
    return initializer(
      "\(node?.layer.name ?? "")/\(role.rawValue)", Tensor([Float](repeating: number, count: count), shape: [count]))
  }

  /// A number that an operator needs as a tensor.
  mutating func constant(_ number: Float) -> String {
    numbers([number], shape: [])
  }

  mutating func numbers(_ numbers: [Float], shape: Shape) -> String {
    intermediateCount += 1
    return initializer("\(output)/constant_\(intermediateCount)", Tensor(numbers, shape: shape))
  }

  /// Whole numbers that an operator needs as a tensor: axes, sizes.
  mutating func integers(_ numbers: [Int]) -> String {
    intermediateCount += 1
    let tensor = Tensor(uninitialized: [numbers.count], dataType: .int64) { bytes in
      _ = bytes.bindMemory(to: Int64.self).initialize(fromContentsOf: numbers.map(Int64.init))
    }
    return initializer("\(output)/shape_\(intermediateCount)", tensor)
  }

  private mutating func initializer(_ name: String, _ tensor: Tensor) -> String {
    if initializerNames.insert(name).inserted { initializers.append(ONNXInitializer(name, tensor)) }
    return name
  }
}

extension ONNXAttribute {
  static func integers(_ size: Size2D) -> ONNXAttribute { .integers([size.height, size.width]) }
}
