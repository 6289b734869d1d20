import GraftGraph
import GraftTensors

/// Fully connected layers, which Keras applies along the last axis of whatever they are given.
enum KerasDense {
  static let converters: [String: KerasConverter] = ["Dense": dense]

  @Sendable private static func dense(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let options = call.options
    let units = try options.integer("units", "output_dim")
    let usesBias = try options.bool("use_bias", "bias", default: true)
    let function = try KerasActivation.function(options.value("activation"), generation: writer.generation)
    let input = try call.input()
    let shape = try writer.shape(input)
    if shape.rank == 1 {
      return [try call.add(Dense(call.name, units: units, usesBias: usesBias, activation: function), to: &writer)]
    }
    guard writer.layout.isChannelsLast else {
      throw KerasRefusal("it works along the width of a channels-first feature map; flatten or pool the map first")
    }
    // At every position alike: a 1×1 convolution. A sequence is a map of width 1.
    let convolution = Conv2D(call.name, filters: units, kernel: 1, usesBias: usesBias, activation: function)
    let layouts: [KerasTensorLayout] = [.denseAtPositions, .same]
    if shape.rank == 3 { return [try call.add(convolution, layouts: layouts, to: &writer)] }
    let map = try writer.add(
      Reshape("\(call.name)/map", shape: [shape[0], shape[1], 1], order: .channelsLast), after: [input])
    let node = try call.add(convolution, after: [map], layouts: layouts, to: &writer)
    return [
      try writer.add(Reshape("\(call.name)/sequence", shape: [units, shape[1]], order: .channelsLast), after: [node])
    ]
  }
}
