import GraftGraph
import GraftTensors

/// Layers that do nothing in inference: noise, augmentation, penalties.
enum KerasIdentities {
  static let converters: [String: KerasConverter] = {
    var table: [String: KerasConverter] = [
      "Dropout": dropout, "SpatialDropout2D": spatialDropout,
      "InputLayer": identity,
    ]
    for name in [
      "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Identity",
      "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
      "RandomHeight", "RandomWidth", "RandomHue", "RandomSaturation", "RandomSharpness", "RandomGrayscale",
      "RandomPosterization", "RandomInvert", "RandomColorJitter", "RandomColorDegeneration", "RandomErasing",
      "RandomShear", "RandomPerspective", "RandomGaussianBlur", "RandomElasticTransform", "RandAugment", "AugMix",
      "CutMix", "MixUp",
    ] {
      table[name] = identity
    }
    table["RandomCrop"] = randomCrop
    return table
  }()

  @Sendable private static func identity(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    [try call.input()]
  }

  @Sendable private static func dropout(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    // With a noise shape whole paths are dropped, which is another layer in training and the same in inference.
    guard call.options.value("noise_shape") == nil else { return [try call.input()] }
    let rate = try call.options.number("rate", "p", default: 0)
    return [try call.add(Dropout(call.name, rate: rate), to: &writer)]
  }

  @Sendable private static func spatialDropout(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let rate = try call.options.number("rate", "p", default: 0)
    return [try call.add(SpatialDropout2D(call.name, rate: rate), to: &writer)]
  }

  /// In inference an image of the right size stays as it is; others would be resized and cut.
  @Sendable private static func randomCrop(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let shape = try call.featureMap(writer)
    guard try call.options.integer("height") == shape[1], try call.options.integer("width") == shape[2] else {
      throw KerasRefusal("it cuts \(shape[1])×\(shape[2]) to another size; leave it out when saving for use")
    }
    return [try call.input()]
  }
}
