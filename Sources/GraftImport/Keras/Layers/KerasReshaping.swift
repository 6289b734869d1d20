import GraftGraph
import GraftTensors

/// Layers that move elements. Source: `keras/src/layers/reshaping`.
enum KerasReshaping {
  static let converters: [String: KerasConverter] = [
    "Flatten": flatten, "Reshape": reshape, "Permute": permute,
  ]

  /// `data_format` “channels_first” asks for the channels to be moved last before the elements are read; it is an option
  /// of its own, which a channels-first model need not have.
  @Sendable private static func flatten(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    var order = writer.layout.order
    if call.options.value("data_format")?.text == "channels_first" {
      guard !writer.layout.isChannelsLast else {
        throw KerasRefusal("it asks for channels first in a channels-last model")
      }
      order = .channelsLast
    }
    let input = try call.input()
    if try writer.shape(input).rank == 1 { return [input] }
    return [try call.add(Flatten(call.name, order: order), to: &writer)]
  }

  @Sendable private static func reshape(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    [try reshape(call.input(), to: call.options.integers("target_shape", "dims"), named: call.name, &writer)]
  }

  /// - Parameter target: Keras's shape without the batch; -1 once for what is left.
  static func reshape(
    _ input: String, to target: [Int], named name: String, _ writer: inout KerasGraphWriter
  ) throws -> String {
    let count = try writer.shape(input).count
    guard (1...3).contains(target.count) else {
      throw KerasRefusal("its shape \(target) has \(target.count) dimensions, and images have 1 to 3")
    }
    guard target.allSatisfy({ $0 == -1 || $0 > 0 }), target.count(where: { $0 == -1 }) <= 1 else {
      throw KerasRefusal("its shape \(target) is none")
    }
    let known = target.filter { $0 > 0 }.saturatingProduct
    guard count % known == 0, target.contains(-1) || known == count else {
      throw KerasRefusal("its shape \(target) does not hold the \(count) elements of its input")
    }
    let shape = writer.layout.graphShape(target.map { $0 == -1 ? count / known : $0 })
    return try writer.add(Reshape(name, shape: shape, order: writer.layout.order), after: [input])
  }

  @Sendable private static func permute(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    [try permute(call.input(), call.options.integers("dims"), named: call.name, &writer)]
  }

  /// - Parameter dims: for each of Keras's axes of the result the one of the input that it is, counted from 1.
  static func permute(
    _ input: String, _ dims: [Int], named name: String, _ writer: inout KerasGraphWriter
  ) throws -> String {
    let rank = try writer.shape(input).rank
    guard dims.sorted() == Array(1...max(rank, 1)), dims.count == rank else {
      throw KerasRefusal("its axes are \(dims), and its input has \(rank) without the batch")
    }
    var axes = [Int](repeating: 0, count: rank)
    for (index, source) in dims.enumerated() {
      axes[try writer.layout.graphAxis(index + 1, rank: rank)] = try writer.layout.graphAxis(source, rank: rank)
    }
    if axes == Array(0..<rank) { return input }
    return try writer.add(Permute(name, axes: axes), after: [input])
  }
}
