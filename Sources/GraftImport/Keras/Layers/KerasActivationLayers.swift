import GraftGraph
import GraftTensors

/// Activations as layers. Source: `keras/src/layers/activations`.
enum KerasActivationLayers {
  static let converters: [String: KerasConverter] = [
    "Activation": activation, "ReLU": activation, "LeakyReLU": activation, "ELU": activation,
    "ThresholdedReLU": activation, "Softmax": activation, "PReLU": parametric,
  ]

  @Sendable private static func activation(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let function =
      try KerasActivation.layer(call.layer.className, call.options, writer.generation) ?? .linear
    let input = try call.input()
    if function == .linear { return [input] }
    let axes = try call.options.integers("axis", default: [-1])
    guard axes.count == 1 else { throw KerasRefusal("it works along several axes at once") }
    return [try KerasActivation.add(function, after: input, axis: axes[0], named: call.name, &writer)]
  }

  /// `shared_axes` count the batch as 0.
  @Sendable private static func parametric(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let rank = try writer.shape(call.input()).rank
    guard rank != 2 else { throw KerasRefusal("its input has 2 dimensions without the batch, not 1 or 3") }
    var shared: [PReLU.Axis] = []
    for axis in try call.options.integers("shared_axes", default: []) {
      shared.append([.channels, .height, .width][try writer.layout.graphAxis(axis, rank: rank)])
    }
    return [try call.add(PReLU(call.name, sharedAxes: shared), to: &writer)]
  }
}
