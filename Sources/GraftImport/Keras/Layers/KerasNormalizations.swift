import GraftGraph
import GraftTensors

/// Layers that normalise. Source: `keras/src/layers/normalization`; Keras 1's `keras/layers/normalization.py`.
enum KerasNormalizations {
  static let converters: [String: KerasConverter] = [
    "BatchNormalization": batch, "BatchNormalizationV1": batch, "BatchNormalizationV2": batch,
    "SyncBatchNormalization": batch, "UnitNormalization": unit,
  ]

  @Sendable private static func unit(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let rank = try writer.shape(call.input()).rank
    guard rank != 2 else { throw KerasRefusal("its input has 2 dimensions without the batch, not 1 or 3") }
    let axes = try call.options.integers("axis", default: [-1])
    guard axes.count == 1, try writer.layout.graphAxis(axes[0], rank: rank) == 0 else {
      throw KerasRefusal(
        "its axis is \(axes.map(String.init).joined(separator: ", ")), and the channels' is "
          + "\(writer.layout.channelAxis(rank: rank))")
    }
    return [try call.add(UnitNormalization(call.name), to: &writer)]
  }

  @Sendable private static func batch(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let options = call.options
    guard try !options.bool("renorm", default: false) else {
      throw KerasRefusal("it renormalises (renorm=True), which is another function")
    }
    guard options.value("virtual_batch_size") == nil else {
      throw KerasRefusal("it splits batches (virtual_batch_size), which is another function")
    }
    // Keras 1: 0 is today's layer, 1 normalises every sample, 2 takes the batch's statistics even in inference.
    let mode = try options.integer("mode", default: 0)
    guard mode == 0 else { throw KerasRefusal("its mode is \(mode), and only mode 0 normalises channels") }
    let rank = try writer.shape(call.input()).rank
    guard rank != 2 else { throw KerasRefusal("its input has 2 dimensions without the batch, not 1 or 3") }
    let axes = try options.integers("axis", default: [-1])
    guard axes.count == 1, try writer.layout.graphAxis(axes[0], rank: rank) == 0 else {
      throw KerasRefusal(
        "its axis is \(axes.map(String.init).joined(separator: ", ")), and the channels' is "
          + "\(writer.layout.channelAxis(rank: rank))")
    }
    // TensorFlow's fused kernel, which took feature maps, corrects the variance that it hands to the moving one.
    let isFused = writer.generation < .three && rank == 3 && !writer.ranOnTheano
    let layer = BatchNormalization(
      call.name, epsilon: try options.number("epsilon", default: 1e-3),
      momentum: try options.number("momentum", default: 0.99), usesScale: try options.bool("scale", default: true),
      usesShift: try options.bool("center", default: true), movingVariance: isFused ? .unbiased : .biased)
    return [try call.add(layer, to: &writer)]
  }
}
