import GraftGraph
import GraftTensors

/// Preprocessing that is part of the model. Source: `keras/src/layers/preprocessing`.
enum KerasScaling {
  static let converters: [String: KerasConverter] = ["Rescaling": rescaling, "Normalization": normalization]

  @Sendable private static func rescaling(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let scale = try call.options.numbers("scale") ?? [1]
    let offset = try call.options.numbers("offset") ?? [0]
    let scaled =
      try scale.count == 1 && offset.count == 1
      ? writer.add(Rescaling(call.name, scale: scale[0], offset: offset[0]), after: [call.input()])
      : perChannel(call.input(), scale: scale, offset: offset, named: call.name, &writer)
    return [scaled]
  }

  /// x · scale + offset with numbers for each channel: the last axis, as NumPy broadcasts.
  static func perChannel(
    _ input: String, scale: [Float], offset: [Float], named name: String, _ writer: inout KerasGraphWriter
  ) throws -> String {
    let shape = try writer.shape(input)
    let channels = shape[0]
    guard writer.layout.isChannelsLast || shape.rank == 1 else {
      throw KerasRefusal("it has numbers for each column of a channels-first map")
    }
    for numbers in [scale, offset] where numbers.count != 1 && numbers.count != channels {
      throw KerasRefusal("it has \(numbers.count) numbers for \(channels) channels")
    }
    func constant(_ numbers: [Float]) -> Tensor {
      Tensor(
        numbers.count == 1 ? [Float](repeating: numbers[0], count: channels) : numbers,
        shape: Shape([channels] + [Int](repeating: 1, count: shape.rank - 1)))
    }
    var node = input
    if scale != [1] {
      let factor = try writer.addConstant(constant(scale), named: "\(name)/scale")
      node = try writer.add(Multiply(offset == [0] ? name : "\(name)/scaled"), after: [node, factor])
    }
    if offset != [0] {
      let summand = try writer.addConstant(constant(offset), named: "\(name)/offset")
      node = try writer.add(Add(name), after: [node, summand])
    }
    return node
  }

  /// Mean and variance stand in the options or, where the layer was adapted to data, in the weight file.
  @Sendable private static func normalization(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let options = call.options
    guard try !options.bool("invert", default: false) else { throw KerasRefusal("it inverts a normalisation") }
    let shape = try writer.shape(call.input())
    guard shape.rank != 2 else { throw KerasRefusal("its input has 2 dimensions without the batch, not 1 or 3") }
    let channels = shape[0]
    guard channels <= 1 << 20 else { throw KerasRefusal("it has \(channels) channels") }
    if let mean = try options.numbers("mean"), let variance = try options.numbers("variance") {
      func all(_ numbers: [Float]) -> [Float] {
        numbers.count == 1 ? [Float](repeating: numbers[0], count: channels) : numbers
      }
      guard mean.count == 1 || writer.layout.isChannelsLast || shape.rank == 1 else {
        throw KerasRefusal("it has numbers for each column of a channels-first map")
      }
      return [try call.add(Normalization(call.name, mean: all(mean), variance: all(variance)), to: &writer)]
    }
    let axes = options.value("axis") == nil ? [] : try options.integers("axis")
    guard axes.count == 1, try writer.layout.graphAxis(axes[0], rank: shape.rank) == 0 else {
      throw KerasRefusal("its axis is \(options.value("axis")?.summary ?? "none"), and only the channels' is known")
    }
    let node = try call.add(
      Normalization(
        call.name, mean: [Float](repeating: 0, count: channels), variance: [Float](repeating: 1, count: channels)),
      to: &writer)
    writer.expect(
      [
        .init(.mean(node: node, channels: channels)), .init(.variance(node: node, channels: channels)),
        .init(.ignored(name: "count")),
      ], for: call.path)
    return [node]
  }
}
