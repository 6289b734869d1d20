import GraftGraph
import GraftTensors

/// Activation functions under all the names that Keras has had for them.
///
/// Sources: `keras/src/activations/activations.py`; `keras/activations.py` of Keras 1 and 2.
enum KerasActivation {
  /// The function that a value names: a word, an object around one, or an activation layer as an object.
  static func function(
    _ value: KerasValue?, generation: KerasConfiguration.Generation
  ) throws(KerasRefusal) -> Activation.Function {
    guard let value, !value.isNull else { return .linear }
    if let name = value.text { return try named(name, generation) }
    guard let className = value["class_name"]?.text else {
      throw KerasRefusal("its activation is \(value.summary), which names no function")
    }
    // Keras 3 writes functions as objects of the class “function”, named in `config`.
    if className == "function", let name = value["config"]?.text { return try named(name, generation) }
    let options = KerasOptions(values: value["config"]?.object ?? [:])
    if let function = try layer(className, options, generation) { return function }
    return try named(options.value("activation", "name")?.text ?? className, generation)
  }

  /// The function of an activation layer; nil where the class is none.
  static func layer(
    _ className: String, _ options: KerasOptions, _ generation: KerasConfiguration.Generation
  ) throws(KerasRefusal) -> Activation.Function? {
    switch className {
    case "Activation": try function(options.value("activation"), generation: generation)
    case "ReLU":
      .relu(
        maxValue: try options.value("max_value") == nil ? nil : options.number("max_value"),
        negativeSlope: try options.number("negative_slope", "alpha", default: 0),
        threshold: try options.number("threshold", "theta", default: 0))
    case "LeakyReLU": .leakyReLU(slope: try options.number("negative_slope", "alpha", default: 0.3))
    case "ELU": .elu(alpha: try options.number("alpha", default: 1))
    case "ThresholdedReLU": .thresholdedReLU(theta: try options.number("theta", default: 1))
    case "Softmax": .softmax
    default: nil
    }
  }

  private static func named(
    _ name: String, _ generation: KerasConfiguration.Generation
  ) throws(KerasRefusal) -> Activation.Function {
    let known = name.split(separator: ">").last.map(String.init) ?? name
    if let function = functions[known.lowercased()] { return function }
    // 0.2·x + 0.5 until Keras 3, which follows PyTorch and ONNX's HardSwish.
    if known == "hard_sigmoid" { return generation == .three ? .hardSigmoid() : .hardSigmoid(slope: 0.2) }
    throw KerasRefusal("its activation “\(name)” is not known")
  }

  private static let functions: [String: Activation.Function] = [
    "linear": .linear, "identity": .linear, "relu": .relu, "relu_v2": .relu, "relu6": .relu6,
    "leaky_relu": .leakyReLU(slope: 0.2), "elu": .elu(), "selu": .selu, "gelu": .gelu(approximate: false),
    "sigmoid": .sigmoid, "sigmoid_v2": .sigmoid, "tanh": .tanh, "softplus": .softplus, "softsign": .softsign,
    "swish": .swish, "silu": .swish, "hard_swish": .hardSwish, "hard_silu": .hardSwish, "exponential": .exponential,
    "softmax": .softmax, "softmax_v2": .softmax, "log_softmax": .logSoftmax, "mish": .mish,
    "log_sigmoid": .logSigmoid, "tanh_shrink": .tanhShrink, "hard_shrink": .hardShrink(),
    "soft_shrink": .softShrink(), "celu": .celu(), "hard_tanh": .clip(min: -1, max: 1),
  ]

  // MARK: - Along an axis

  /// The activation of a layer's own option, and whether the graph's layer can carry it: softmax works along the channels
  /// there, and along the last axis in Keras.
  static func fused(
    _ call: KerasLayerCall, _ writer: KerasGraphWriter
  ) throws(KerasRefusal) -> (function: Activation.Function, isFused: Bool) {
    let function = try function(call.options.value("activation"), generation: writer.generation)
    return (function, !isAlongAxis(function) || writer.layout.isChannelsLast)
  }

  /// Adds a layer, and its activation behind it where it cannot carry it.
  static func finish(
    _ call: KerasLayerCall, _ layer: some Layer, _ function: Activation.Function, isFused: Bool,
    _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let node = try call.add(layer, to: &writer)
    if isFused { return [node] }
    return [try add(function, after: node, axis: -1, named: "\(call.name)/activation", &writer)]
  }

  static func isAlongAxis(_ function: Activation.Function) -> Bool { function == .softmax || function == .logSoftmax }

  /// Adds an activation; softmax along one of Keras's axes, which is brought first and back again where it is not the
  /// channels'.
  static func add(
    _ function: Activation.Function, after input: String, axis: Int, named name: String,
    _ writer: inout KerasGraphWriter
  ) throws -> String {
    let rank = try writer.shape(input).rank
    let axis = isAlongAxis(function) ? try writer.layout.graphAxis(axis, rank: rank) : 0
    guard axis > 0 else { return try writer.add(Activation(name, function), after: [input]) }
    let there = [axis] + (0..<rank).filter { $0 != axis }
    let back = (0..<rank).map { axis in there.firstIndex(of: axis) ?? axis }
    let turned = try writer.add(Permute("\(name)/there", axes: there), after: [input])
    let applied = try writer.add(Activation("\(name)/\(axis)", function), after: [turned])
    return try writer.add(Permute(name, axes: back), after: [applied])
  }
}
