import GraftGraph
import GraftTensors

extension Activation: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    try function.export(inputs[0], to: &builder)
  }
}

extension PReLU: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let alpha = try builder.parameter(.alpha)
    let isMap = inputs[0].shape.count == 3
    let places: [Axis: Int] = isMap ? [.height: 1, .width: 2, .channels: 3] : [.channels: 1]
    return try builder.addWeighted(
      "PReLU", inputs[0], shape: inputs[0].shape,
      ["shared_axes": .integers(Set(sharedAxes).compactMap { places[$0] }.sorted())],
      weights: [KerasModel.Weight(name: "alpha", tensor: isMap ? alpha.permuted([1, 2, 0]) : alpha)])
  }
}

extension Activation.Function {
  /// The name under which every Keras since 2.0 has the function, with the same numbers.
  ///
  /// `hard_sigmoid` is not among them: its slope is 0.2 in Keras 2 and 1/6 in Keras 3.
  var kerasName: String? {
    switch self {
    case .linear: "linear"
    case .relu: "relu"
    case .elu(1): "elu"
    case .selu: "selu"
    case .gelu(approximate: false): "gelu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .softplus: "softplus"
    case .softsign: "softsign"
    case .swish: "swish"
    case .exponential: "exponential"
    case .mish: "mish"
    case .softmax: "softmax"
    default: nil
    }
  }

  /// Appends Keras's layers for the function.
  ///
  /// - Parameter suffix: what to add to the node's name, where the function is not all that the node does.
  func export(
    _ x: KerasBuilder.Value, to builder: inout KerasBuilder, suffix: String? = nil
  ) throws -> KerasBuilder.Value {
    if let kerasName {
      return builder.add("Activation", [x], shape: x.shape, ["activation": .text(kerasName)], suffix: suffix)
    }
    if let options = try rectifierOptions { return builder.add("ReLU", [x], shape: x.shape, options, suffix: suffix) }
    return try composed(x, to: &builder, suffix: suffix)
  }

  /// Those of Keras's `ReLU`, where the function is one.
  private var rectifierOptions: [String: KerasConfiguration]? {
    get throws {
      let (maxValue, slope, threshold): (Float?, Float, Float)
      switch self {
      case .relu6: (maxValue, slope, threshold) = (6, 0, 0)
      case .leakyReLU(let negative): (maxValue, slope, threshold) = (nil, negative, 0)
      case .thresholdedReLU(let theta): (maxValue, slope, threshold) = (nil, 0, theta)
      case .generalReLU(let most, let negative, let least): (maxValue, slope, threshold) = (most, negative, least)
      default: return nil
      }
      guard slope >= 0, threshold >= 0, maxValue ?? 0 >= 0 else {
        throw Inexpressible("Keras's ReLU takes no negative slope, threshold or greatest value")
      }
      return [
        "max_value": maxValue.map { .number($0) } ?? .null, "negative_slope": .number(slope),
        "threshold": .number(threshold),
      ]
    }
  }
}
