import GraftGraph
import GraftTensors

/// Convolutions. Source: `keras/src/layers/convolutional`; for Keras 1 `keras/layers/convolutional.py` of 1.2.2.
enum KerasConvolutions {
  static let converters: [String: KerasConverter] = [
    "Conv2D": convolution, "Convolution2D": convolution, "AtrousConvolution2D": convolution,
    "AtrousConv2D": convolution,
    "DepthwiseConv2D": depthwise, "DepthwiseConvolution2D": depthwise,
    "SeparableConv2D": separable, "SeparableConvolution2D": separable,
  ]

  @Sendable private static func convolution(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let options = call.options
    let window = try call.convolutionWindow(writer)
    let (function, isFused) = try KerasActivation.fused(call, writer)
    _ = try call.featureMap(writer)
    var layer = Conv2D(
      call.name, filters: try options.integer("filters", "nb_filter"), kernel: window.size,
      groups: try options.integer("groups", default: 1), usesBias: try options.bool("use_bias", "bias", default: true),
      activation: isFused ? function : .linear)
    layer.window = window
    return try KerasActivation.finish(call, layer, function, isFused: isFused, &writer)
  }

  /// Files of tf.keras carry `groups` here, which says nothing: the groups are the channels.
  @Sendable private static func depthwise(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let options = call.options
    let window = try call.convolutionWindow(writer)
    let (function, isFused) = try KerasActivation.fused(call, writer)
    _ = try call.featureMap(writer)
    var layer = DepthwiseConv2D(
      call.name, kernel: window.size, multiplier: try options.integer("depth_multiplier", default: 1),
      usesBias: try options.bool("use_bias", "bias", default: true), activation: isFused ? function : .linear)
    layer.window = window
    return try KerasActivation.finish(call, layer, function, isFused: isFused, &writer)
  }

  @Sendable private static func separable(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let options = call.options
    let window = try call.convolutionWindow(writer)
    let (function, isFused) = try KerasActivation.fused(call, writer)
    _ = try call.featureMap(writer)
    var layer = SeparableConv2D(
      call.name, filters: try options.integer("filters", "nb_filter"), kernel: window.size,
      multiplier: try options.integer("depth_multiplier", default: 1),
      usesBias: try options.bool("use_bias", "bias", default: true), activation: isFused ? function : .linear)
    layer.window = window
    return try KerasActivation.finish(call, layer, function, isFused: isFused, &writer)
  }
}
