import GraftGraph
import GraftTensors

/// Layers that change the height and width of a map. Sources: `keras/src/layers/reshaping`,
/// `keras/src/layers/preprocessing/image_preprocessing/resizing.py`.
enum KerasResizing {
  static let converters: [String: KerasConverter] = [
    "ZeroPadding2D": padding, "Cropping2D": cropping, "UpSampling2D": upSampling, "Resizing": resizing,
    "CenterCrop": centerCrop,
  ]

  private typealias Margins = (top: Int, bottom: Int, left: Int, right: Int)

  /// A number, `[rows, columns]`, `[[top, bottom], [left, right]]`; Keras 1 also `[top, bottom, left, right]` and words.
  private static func margins(_ value: KerasValue?, _ option: String) throws(KerasRefusal) -> Margins {
    let refusal = KerasRefusal(
      "its \(option) is \(value?.summary ?? "missing"), which is no number of pixels at each edge")
    guard let value else { throw refusal }
    if let all = value.integer { return (all, all, all, all) }
    if let object = value.object {
      let edges = ["top_pad", "bottom_pad", "left_pad", "right_pad"].map { object[$0]?.integer ?? 0 }
      return (edges[0], edges[1], edges[2], edges[3])
    }
    if let numbers = value.integers {
      switch numbers.count {
      case 1: return (numbers[0], numbers[0], numbers[0], numbers[0])
      case 2: return (numbers[0], numbers[0], numbers[1], numbers[1])
      case 4: return (numbers[0], numbers[1], numbers[2], numbers[3])
      default: throw refusal
      }
    }
    let pairs = value.list?.compactMap(\.integers) ?? []
    guard pairs.count == 2, pairs.allSatisfy({ $0.count == 2 }), value.list?.count == 2 else { throw refusal }
    return (pairs[0][0], pairs[0][1], pairs[1][0], pairs[1][1])
  }

  @Sendable private static func padding(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let edges = try margins(call.options.value("padding") ?? .number(1), "padding")
    return [
      try call.add(
        ZeroPadding2D(call.name, top: edges.top, bottom: edges.bottom, left: edges.left, right: edges.right),
        to: &writer)
    ]
  }

  @Sendable private static func cropping(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let edges = try margins(call.options.value("cropping") ?? .number(0), "cropping")
    return [
      try call.add(
        Cropping2D(call.name, top: edges.top, bottom: edges.bottom, left: edges.left, right: edges.right), to: &writer)
    ]
  }

  @Sendable private static func upSampling(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let name = try call.options.text("interpolation", default: "nearest")
    guard let interpolation = UpSampling2D.Interpolation(rawValue: name) else {
      throw KerasRefusal("its interpolation is “\(name)”; nearest and bilinear are known")
    }
    let factors = try call.options.size("size", default: 2)
    guard max(factors.height, factors.width) <= 1 << 16 else { throw KerasRefusal("its size is \(factors)") }
    return [try call.add(UpSampling2D(call.name, factors: factors, interpolation: interpolation), to: &writer)]
  }

  @Sendable private static func resizing(_ call: KerasLayerCall, _ writer: inout KerasGraphWriter) throws -> [String] {
    let options = call.options
    for option in ["crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"]
    where try options.bool(option, default: false) {
      throw KerasRefusal("it has \(option)=True, and only plain resizing is known")
    }
    let size = Size2D(height: try options.integer("height"), width: try options.integer("width"))
    return [
      try resize(
        call.input(), to: size, try options.text("interpolation", default: "bilinear"), named: call.name, &writer)
    ]
  }

  /// TensorFlow's `tf.image.resize`: half-pixel centres, no antialiasing.
  static func resize(
    _ input: String, to size: Size2D, _ interpolation: String, named name: String, _ writer: inout KerasGraphWriter
  ) throws -> String {
    let shape = try writer.shape(input)
    guard shape.rank == 3, (1...1 << 20).contains(size.height), (1...1 << 20).contains(size.width) else {
      throw KerasRefusal("it resizes \(shape) to \(size)")
    }
    if shape[1] == size.height, shape[2] == size.width { return input }
    switch interpolation {
    case "bilinear":
      return try writer.add(
        Resize(name, to: .size(size), interpolation: .linear, coordinates: .halfPixel), after: [input])
    case "nearest":
      // The element in which the centre of the new one lies.
      return try writer.add(
        Resize(name, to: .size(size), interpolation: .nearest(.halfUp), coordinates: .halfPixel), after: [input])
    default: throw KerasRefusal("its interpolation is “\(interpolation)”; nearest and bilinear are known")
    }
  }

  /// In inference the middle of the image; images smaller than that would be enlarged.
  @Sendable private static func centerCrop(
    _ call: KerasLayerCall, _ writer: inout KerasGraphWriter
  ) throws -> [String] {
    let shape = try call.featureMap(writer)
    let (height, width) = (try call.options.integer("height"), try call.options.integer("width"))
    guard height > 0, width > 0, height <= shape[1], width <= shape[2] else {
      throw KerasRefusal("it cuts \(height)×\(width) out of \(shape[1])×\(shape[2]), which would need enlarging first")
    }
    let (top, left) = ((shape[1] - height) / 2, (shape[2] - width) / 2)
    return [
      try call.add(
        Cropping2D(
          call.name, top: top, bottom: shape[1] - height - top, left: left, right: shape[2] - width - left),
        to: &writer)
    ]
  }
}
