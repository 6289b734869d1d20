import GraftGraph
import GraftTensors

/// Poolings. Source: `keras/src/layers/pooling`.
enum KerasPooling {
  static let converters: [String: KerasConverter] = [
    "MaxPooling2D": maximum, "MaxPool2D": maximum, "AveragePooling2D": average, "AvgPool2D": average,
    "GlobalAveragePooling2D": globalAverage, "GlobalAvgPool2D": globalAverage,
    "GlobalMaxPooling2D": globalMaximum, "GlobalMaxPool2D": globalMaximum,
  ]

  @Sendable private static func maximum(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    _ = try call.featureMap(writer)
    var layer = MaxPooling2D(call.name, size: 1)
    layer.window = try call.poolingWindow(writer)
    return [try call.add(layer, to: &writer)]
  }

  @Sendable private static func average(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    _ = try call.featureMap(writer)
    var layer = AveragePooling2D(call.name, size: 1)
    layer.window = try call.poolingWindow(writer)
    return [try call.add(layer, to: &writer)]
  }

  @Sendable private static func globalAverage(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let keeps = try call.options.bool("keepdims", default: false)
    return [try call.add(GlobalAveragePooling2D(call.name, keepsDimensions: keeps), to: &writer)]
  }

  @Sendable private static func globalMaximum(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let keeps = try call.options.bool("keepdims", default: false)
    return [try call.add(GlobalMaxPooling2D(call.name, keepsDimensions: keeps), to: &writer)]
  }
}
