import GraftTensors

/// How much the colours of a view may change; one pass over the pixels does it all, rounding and cutting off once.
///
/// Brightness, contrast and saturation are those of torchvision's `ColorJitter` on Pillow images, in this order, each a factor
/// drawn evenly from 1 − limit to 1 + limit. Hue turns the colours about the axis of greys (in YIQ), which keeps the
/// brightness where torchvision's, in HSV, keeps the largest channel.
public struct RandomColor: Hashable, Sendable, Codable {
  public var brightness: Double
  public var contrast: Double
  public var saturation: Double
  /// Of a full turn: 0.5 is the opposite colour.
  public var hue: Double
  /// The share of views without any colour.
  public var grey: Double

  public init(
    brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0, grey: Double = 0
  ) {
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
    self.grey = grey
  }

  var isActive: Bool { self != RandomColor() }
}

extension RandomColor {
  func drawn(by chance: ViewChance) -> [ColorStep] {
    func drawn(_ decision: Decision, _ limit: Double, around middle: Double) -> Double? {
      guard limit > 0 else { return nil }
      var generator = chance.generator(decision)
      return generator.uniform(middle - limit...middle + limit)
    }
    let steps: [ColorStep?] = [
      drawn(.brightness, brightness, around: 1).map { .brightness($0) },
      drawn(.contrast, contrast, around: 1).map { .contrast($0) },
      drawn(.saturation, saturation, around: 1).map { .saturation($0) },
      drawn(.hue, hue, around: 0).map { .hue($0) },
      chance.happens(.grey, grey) ? .saturation(0) : nil,
    ]
    return steps.compactMap(\.self)
  }
}
