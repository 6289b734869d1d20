/// What a network expects to be done to an image's RGB values 0…255 before they enter it:
/// reorder the channels, multiply by `scale`, subtract `mean`, divide by `standardDeviation`, in this order.
///
/// Part of the weights, never guessed: the wrong one costs accuracy without a word.
public struct Preprocessing: Hashable, Sendable, Codable {
  public enum ChannelOrder: String, Sendable, Codable {
    case rgb, bgr
    /// One channel: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), as Pillow's mode L and Keras's `grayscale`.
    case gray

    /// How many channels an image has then.
    public var count: Int { self == .gray ? 1 : 3 }
  }

  public var channelOrder: ChannelOrder
  public var scale: Float
  /// Per channel, in `channelOrder`, after scaling.
  public var mean: [Float]
  /// Per channel, in `channelOrder`, after scaling.
  public var standardDeviation: [Float]

  public init(channelOrder: ChannelOrder, scale: Float, mean: [Float], standardDeviation: [Float]) {
    self.channelOrder = channelOrder
    self.scale = scale
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// BGR minus ImageNet's mean colour, unscaled: VGG, ResNet V1 and SqueezeNet in Keras ("caffe" mode).
  /// Source: `keras/src/applications/imagenet_utils.py`.
  public static let caffe = Preprocessing(
    channelOrder: .bgr, scale: 1, mean: [103.939, 116.779, 123.68], standardDeviation: [1, 1, 1])

  /// −1…1: Inception, Xception, ResNet V2 and MobileNet in Keras ("tf" mode, x / 127.5 − 1).
  public static let tensorFlow = Preprocessing(
    channelOrder: .rgb, scale: 1 / 127.5, mean: [1, 1, 1], standardDeviation: [1, 1, 1])

  /// 0…1, minus mean, over standard deviation: torchvision and the ONNX Model Zoo ("torch" mode).
  public static let torch = Preprocessing(
    channelOrder: .rgb, scale: 1 / 255, mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])

  /// 0…1 (x / 255): what most networks learnt that were trained from the ground up.
  public static let unit = Preprocessing(
    channelOrder: .rgb, scale: 1 / 255, mean: [0, 0, 0], standardDeviation: [1, 1, 1])

  /// The values as they are: networks that begin with their own rescaling.
  public static let identity = Preprocessing(
    channelOrder: .rgb, scale: 1, mean: [0, 0, 0], standardDeviation: [1, 1, 1])
}

extension Preprocessing {
  /// The customary modes under Keras's names; `unit` is x / 255, `raw` nothing.
  private static let named: [(name: String, preprocessing: Preprocessing)] = [
    ("caffe", .caffe), ("tf", .tensorFlow), ("torch", .torch), ("unit", .unit), ("raw", .identity),
  ]

  public static let names = named.map(\.name)

  /// The mode of that name: `caffe`, `tf`, `torch`, `unit` or `raw`.
  public init?(named name: String) {
    guard let match = Self.named.first(where: { $0.name == name }) else { return nil }
    self = match.preprocessing
  }

  /// The same arithmetic for images of so many channels; nil where it differs from channel to channel, or there is none.
  public func forChannels(_ count: Int) -> Preprocessing? {
    if count == channelOrder.count { return self }
    guard count == 1, Set(mean).count == 1, Set(standardDeviation).count == 1 else { return nil }
    return Preprocessing(
      channelOrder: .gray, scale: scale, mean: [mean[0]], standardDeviation: [standardDeviation[0]])
  }

  /// The customary name, or a description of the arithmetic.
  public var name: String {
    Self.named.first { $0.preprocessing == self || $0.preprocessing.forChannels(1) == self }?.name
      ?? "\(channelOrder.rawValue), (x·\(scale) − \(mean)) / \(standardDeviation)"
  }
}
