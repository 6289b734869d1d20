import GraftGraph
import GraftTensors

/// Layers that join several inputs. Source: `keras/src/layers/merging`; Keras 1's `Merge` in `keras/engine/topology.py`.
enum KerasMerging {
  static let converters: [String: KerasConverter] = [
    "Add": { call, writer in [try join(Add(call.name), call, &writer)] },
    "Subtract": { call, writer in [try join(Subtract(call.name), call, &writer)] },
    "Multiply": { call, writer in [try join(Multiply(call.name), call, &writer)] },
    "Maximum": { call, writer in [try join(Maximum(call.name), call, &writer)] },
    "Minimum": { call, writer in [try join(Minimum(call.name), call, &writer)] },
    "Average": { call, writer in [try join(Average(call.name), call, &writer)] },
    "Concatenate": { call, writer in
      [try concatenate(call.inputs, axis: call.options.integer("axis", default: -1), named: call.name, &writer)]
    },
    "Merge": merge,
    // `inputs[0] + scale · inputs[1]`, a class of Keras's own InceptionResNetV2.
    "CustomScaleLayer": { call, writer in
      [try addScaled(call, scale: try call.options.number("scale"), &writer)]
    },
  ]

  /// Element by element, broadcast. Inputs of fewer dimensions get theirs in front, which suits channels-last alone.
  static func join(_ layer: some Layer, _ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> String {
    try join(layer, call.inputs, &writer)
  }

  static func join(
    _ layer: some Layer, _ inputs: [String], _ writer: inout KerasGraphWriter
  ) throws -> String {
    let ranks = Set(try inputs.map { try writer.shape($0).rank })
    guard ranks.count == 1 || writer.layout.isChannelsLast else {
      throw KerasRefusal("it joins inputs of different dimensions in a channels-first model")
    }
    return try writer.add(layer, after: inputs)
  }

  /// Inputs one after another along one of Keras's axes; another than the channels' is brought first and back again.
  static func concatenate(
    _ inputs: [String], axis: Int, named name: String, _ writer: inout KerasGraphWriter
  ) throws -> String {
    guard let first = inputs.first else { throw KerasRefusal("it has no inputs") }
    let rank = try writer.shape(first).rank
    let axis = try writer.layout.graphAxis(axis, rank: rank)
    return try concatenate(inputs, graphAxis: axis, named: name, &writer)
  }

  static func concatenate(
    _ inputs: [String], graphAxis axis: Int, named name: String, _ writer: inout KerasGraphWriter
  ) throws -> String {
    if inputs.count == 1 { return inputs[0] }
    guard axis > 0 else { return try writer.add(Concatenate(name), after: inputs) }
    let rank = try writer.shape(inputs[0]).rank
    let there = [axis] + (0..<rank).filter { $0 != axis }
    let back = (0..<rank).map { axis in there.firstIndex(of: axis) ?? axis }
    var turned: [String] = []
    for (number, input) in inputs.enumerated() {
      guard try writer.shape(input).rank == rank else {
        throw KerasRefusal("it joins inputs of different dimensions")
      }
      turned.append(try writer.add(Permute("\(name)/there\(number)", axes: there), after: [input]))
    }
    let joined = try writer.add(Concatenate("\(name)/joined"), after: turned)
    return try writer.add(Permute(name, axes: back), after: [joined])
  }

  @Sendable private static func merge(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let options = call.options
    guard call.inputs.count > 1 else {
      throw KerasRefusal("it joins branches within a sequence, of which it lists \(call.inputs.count) as its input")
    }
    let mode = try options.text("mode", default: "sum")
    guard options.value("mode_type")?.text ?? "raw" == "raw" else {
      throw KerasRefusal("its mode is Python code, which only Python can run")
    }
    switch mode {
    case "sum": return [try join(Add(call.name), call, &writer)]
    case "mul": return [try join(Multiply(call.name), call, &writer)]
    case "ave": return [try join(Average(call.name), call, &writer)]
    case "max": return [try join(Maximum(call.name), call, &writer)]
    case "concat":
      return [
        try concatenate(call.inputs, axis: options.integer("concat_axis", default: -1), named: call.name, &writer)
      ]
    default: throw KerasRefusal("its mode is “\(mode)”; sum, mul, ave, max and concat are known")
    }
  }

  static func addScaled(
    _ call: KerasLayerCall, scale: Float, _ writer: inout KerasGraphWriter
  ) throws -> String {
    guard call.inputs.count == 2 else { throw KerasRefusal("it takes two inputs, and is given \(call.inputs.count)") }
    let scaled = try writer.add(Rescaling("\(call.name)/scale", scale: scale), after: [call.inputs[1]])
    return try join(Add(call.name), [call.inputs[0], scaled], &writer)
  }
}
