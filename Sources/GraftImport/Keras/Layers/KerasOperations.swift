import GraftGraph
import GraftTensors

/// Functions that stand among the layers: `x / 127.5 - 1` in a model is a division and a subtraction, which tf.keras saves
/// as `TFOpLambda` and Keras 3 as operations of `keras.ops`.
enum KerasOperations {
  typealias Implementation = @Sendable (KerasOperands, inout KerasGraphWriter) throws -> String

  static func converter(kerasThree className: String) -> KerasConverter? {
    let name = ["TrueDivide": "divide", "Absolute": "abs", "Negative": "negative", "GetItem": "getitem"][className]
    return converter(named: name ?? className.lowercased())
  }

  /// - Parameter function: `math.truediv`, `__operators__.add`, `nn.relu6`.
  static func converter(tensorFlow function: String) -> KerasConverter? {
    let name = function.split(separator: ".").last.map(String.init) ?? function
    return converter(named: tensorFlowNames[name] ?? name)
  }

  private static let tensorFlowNames = [
    "truediv": "divide", "mul": "multiply", "sub": "subtract", "reduce_mean": "mean", "reduce_max": "max",
    "reduce_min": "min", "reduce_sum": "sum", "concat": "concatenate", "neg": "negative", "pow": "power",
    "swish": "silu", "clip_by_value": "clip", "leaky_relu": "leakyrelu", "log_softmax": "logsoftmax",
    "convert_to_tensor": "identity", "stop_gradient": "identity", "ragged_getitem": "getitem",
  ]

  /// A node of TensorFlow's own graph, which TensorFlow 2.0 to 2.3 saved: its operation, and the inputs that are constants
  /// by their places.
  static func converter(tensorFlowNode options: [String: KerasValue]) -> KerasConverter? {
    let definition = options["node_def"]?.text.flatMap { try? KerasValue(parsing: $0) } ?? options["node_def"]
    guard let operation = definition?["op"]?.text, let name = tensorFlowOperations[operation],
      let converter = converter(named: name)
    else { return nil }
    return { call, writer in
      var tensors = call.call.tensors.map { KerasCall.Argument.tensor($0) }[...]
      let constants = options["constants"]?.object ?? [:]
      var arguments: [KerasCall.Argument] = []
      while !tensors.isEmpty || constants[String(arguments.count)] != nil {
        arguments.append(constants[String(arguments.count)].map { .constant($0) } ?? tensors.removeFirst())
      }
      return try converter(call.with(KerasCall(arguments: arguments)), &writer)
    }
  }

  private static let tensorFlowOperations = [
    "Add": "add", "AddV2": "add", "BiasAdd": "bias_add", "Sub": "subtract", "Mul": "multiply", "RealDiv": "divide",
    "Maximum": "maximum", "Minimum": "minimum", "Neg": "negative", "Relu": "relu", "Relu6": "relu6",
    "Sigmoid": "sigmoid", "Tanh": "tanh", "Softplus": "softplus", "Exp": "exp", "Sqrt": "sqrt", "Square": "square",
    "Abs": "abs", "Identity": "identity",
  ]

  private static func converter(named name: String) -> KerasConverter? {
    guard let implementation = KerasArithmetic.table[name] ?? KerasFunctions.table[name] else { return nil }
    return { call, writer in
      [try implementation(KerasOperands(call), &writer)]
    }
  }
}

/// The arguments of a function, by position or by name, whichever way it was called.
struct KerasOperands {
  enum Operand {
    case node(String)
    case constant(KerasValue)
  }

  let call: KerasLayerCall
  private let nodes: [KerasModel.TensorReference: String]
  var name: String { call.name }

  init(_ call: KerasLayerCall) {
    self.call = call
    nodes = Dictionary(zip(call.call.tensors, call.inputs), uniquingKeysWith: { first, _ in first })
  }

  private func argument(_ position: Int, _ names: [String]) -> KerasCall.Argument? {
    if position < call.call.arguments.count { return call.call.arguments[position] }
    for name in names {
      if let argument = call.call.keywords[name] { return argument }
      // Keras 3 keeps what is no tensor among the options.
      if let value = call.layer.options[name] { return .constant(value) }
    }
    return nil
  }

  /// A tensor or a constant.
  func operand(_ position: Int, _ names: String...) throws(KerasRefusal) -> Operand {
    switch argument(position, names) {
    case .tensor(let reference): return .node(try node(reference))
    case .list(let items):
      guard items.count == 1, case .tensor(let reference) = items[0] else {
        throw KerasRefusal("its argument “\(names[0])” is a list of tensors")
      }
      return .node(try node(reference))
    case .constant(let value): return .constant(value)
    case nil: throw KerasRefusal("its argument “\(names[0])” is missing")
    }
  }

  /// The tensor that the function is of.
  func tensor() throws(KerasRefusal) -> String {
    guard
      case .node(let node) = try operand(
        0, "x", "input", "tensor", "input_tensor", "features", "value", "values", "images")
    else { throw KerasRefusal("it is a function of a constant") }
    return node
  }

  /// All tensors of the first argument, where that is a list.
  func tensors() throws(KerasRefusal) -> [String] {
    guard let first = argument(0, ["xs", "values"]), !first.tensors.isEmpty else {
      throw KerasRefusal("its arguments are no tensors")
    }
    var nodes: [String] = []
    for reference in first.tensors { nodes.append(try node(reference)) }
    return nodes
  }

  private func node(_ reference: KerasModel.TensorReference) throws(KerasRefusal) -> String {
    guard let node = nodes[reference] else { throw KerasRefusal("one of its arguments is of no known layer") }
    return node
  }

  /// A constant argument; nil where it is missing or null.
  func constant(_ position: Int, _ names: String...) throws(KerasRefusal) -> KerasValue? {
    switch argument(position, names) {
    case .constant(let value): return value.isNull ? nil : value
    case nil: return nil
    default: throw KerasRefusal("its argument “\(names[0])” is a tensor, not a constant")
    }
  }

  func number(_ position: Int, _ names: String..., default standard: Float) throws(KerasRefusal) -> Float {
    guard case .constant(let value) = argument(position, names), !value.isNull else { return standard }
    guard let number = value.float, number.isFinite else {
      throw KerasRefusal("its argument “\(names[0])” is \(value.summary), not a number")
    }
    return number
  }
}
