/// A policy that a search has found to help on a set of photographs (Cubuk et al. 2019, arXiv:1805.09501): 25 pairs of operations, of
/// which each view goes through one. The tables are torchvision's `AutoAugment`.
public enum LearnedPolicy: String, Hashable, Sendable, Codable, CaseIterable {
  /// Photographs of things: mostly colours.
  case imageNet = "imagenet"
  /// Small photographs of things.
  case cifar10
  /// House numbers: mostly what moves pixels, and negatives.
  case svhn
}

extension LearnedPolicy {
  /// One of a pair: how often it is done, and at which of ten magnitudes; nil for what has none.
  typealias Choice = (operation: PolicyRanges.Name, probability: Double, magnitude: Int?)

  /// The place of the greatest magnitude.
  static let greatestMagnitude = 9

  /// Pairs, each as likely as the others.
  var pairs: [[Choice]] {
    switch self {
    case .imageNet: Self.imageNetPairs
    case .cifar10: Self.cifar10Pairs
    case .svhn: Self.svhnPairs
    }
  }

  private static let imageNetPairs: [[Choice]] = [
    [(.posterize, 0.4, 8), (.rotate, 0.6, 9)],
    [(.solarize, 0.6, 5), (.autoContrast, 0.6, nil)],
    [(.equalize, 0.8, nil), (.equalize, 0.6, nil)],
    [(.posterize, 0.6, 7), (.posterize, 0.6, 6)],
    [(.equalize, 0.4, nil), (.solarize, 0.2, 4)],
    [(.equalize, 0.4, nil), (.rotate, 0.8, 8)],
    [(.solarize, 0.6, 3), (.equalize, 0.6, nil)],
    [(.posterize, 0.8, 5), (.equalize, 1.0, nil)],
    [(.rotate, 0.2, 3), (.solarize, 0.6, 8)],
    [(.equalize, 0.6, nil), (.posterize, 0.4, 6)],
    [(.rotate, 0.8, 8), (.color, 0.4, 0)],
    [(.rotate, 0.4, 9), (.equalize, 0.6, nil)],
    [(.equalize, 0.0, nil), (.equalize, 0.8, nil)],
    [(.invert, 0.6, nil), (.equalize, 1.0, nil)],
    [(.color, 0.6, 4), (.contrast, 1.0, 8)],
    [(.rotate, 0.8, 8), (.color, 1.0, 2)],
    [(.color, 0.8, 8), (.solarize, 0.8, 7)],
    [(.sharpness, 0.4, 7), (.invert, 0.6, nil)],
    [(.shearX, 0.6, 5), (.equalize, 1.0, nil)],
    [(.color, 0.4, 0), (.equalize, 0.6, nil)],
    [(.equalize, 0.4, nil), (.solarize, 0.2, 4)],
    [(.solarize, 0.6, 5), (.autoContrast, 0.6, nil)],
    [(.invert, 0.6, nil), (.equalize, 1.0, nil)],
    [(.color, 0.6, 4), (.contrast, 1.0, 8)],
    [(.equalize, 0.8, nil), (.equalize, 0.6, nil)],
  ]

  private static let cifar10Pairs: [[Choice]] = [
    [(.invert, 0.1, nil), (.contrast, 0.2, 6)],
    [(.rotate, 0.7, 2), (.translateX, 0.3, 9)],
    [(.sharpness, 0.8, 1), (.sharpness, 0.9, 3)],
    [(.shearY, 0.5, 8), (.translateY, 0.7, 9)],
    [(.autoContrast, 0.5, nil), (.equalize, 0.9, nil)],
    [(.shearY, 0.2, 7), (.posterize, 0.3, 7)],
    [(.color, 0.4, 3), (.brightness, 0.6, 7)],
    [(.sharpness, 0.3, 9), (.brightness, 0.7, 9)],
    [(.equalize, 0.6, nil), (.equalize, 0.5, nil)],
    [(.contrast, 0.6, 7), (.sharpness, 0.6, 5)],
    [(.color, 0.7, 7), (.translateX, 0.5, 8)],
    [(.equalize, 0.3, nil), (.autoContrast, 0.4, nil)],
    [(.translateY, 0.4, 3), (.sharpness, 0.2, 6)],
    [(.brightness, 0.9, 6), (.color, 0.2, 8)],
    [(.solarize, 0.5, 2), (.invert, 0.0, nil)],
    [(.equalize, 0.2, nil), (.autoContrast, 0.6, nil)],
    [(.equalize, 0.2, nil), (.equalize, 0.6, nil)],
    [(.color, 0.9, 9), (.equalize, 0.6, nil)],
    [(.autoContrast, 0.8, nil), (.solarize, 0.2, 8)],
    [(.brightness, 0.1, 3), (.color, 0.7, 0)],
    [(.solarize, 0.4, 5), (.autoContrast, 0.9, nil)],
    [(.translateY, 0.9, 9), (.translateY, 0.7, 9)],
    [(.autoContrast, 0.9, nil), (.solarize, 0.8, 3)],
    [(.equalize, 0.8, nil), (.invert, 0.1, nil)],
    [(.translateY, 0.7, 9), (.autoContrast, 0.9, nil)],
  ]

  private static let svhnPairs: [[Choice]] = [
    [(.shearX, 0.9, 4), (.invert, 0.2, nil)],
    [(.shearY, 0.9, 8), (.invert, 0.7, nil)],
    [(.equalize, 0.6, nil), (.solarize, 0.6, 6)],
    [(.invert, 0.9, nil), (.equalize, 0.6, nil)],
    [(.equalize, 0.6, nil), (.rotate, 0.9, 3)],
    [(.shearX, 0.9, 4), (.autoContrast, 0.8, nil)],
    [(.shearY, 0.9, 8), (.invert, 0.4, nil)],
    [(.shearY, 0.9, 5), (.solarize, 0.2, 6)],
    [(.invert, 0.9, nil), (.autoContrast, 0.8, nil)],
    [(.equalize, 0.6, nil), (.rotate, 0.9, 3)],
    [(.shearX, 0.9, 4), (.solarize, 0.3, 3)],
    [(.shearY, 0.8, 8), (.invert, 0.7, nil)],
    [(.equalize, 0.9, nil), (.translateY, 0.6, 6)],
    [(.invert, 0.9, nil), (.equalize, 0.6, nil)],
    [(.contrast, 0.3, 3), (.rotate, 0.8, 4)],
    [(.invert, 0.8, nil), (.translateY, 0.0, 2)],
    [(.shearY, 0.7, 6), (.solarize, 0.4, 8)],
    [(.invert, 0.6, nil), (.rotate, 0.8, 4)],
    [(.shearY, 0.3, 7), (.translateX, 0.9, 3)],
    [(.shearX, 0.1, 6), (.invert, 0.6, nil)],
    [(.solarize, 0.7, 2), (.translateY, 0.6, 7)],
    [(.shearY, 0.8, 4), (.invert, 0.8, nil)],
    [(.shearX, 0.7, 9), (.translateY, 0.8, 3)],
    [(.shearY, 0.8, 5), (.autoContrast, 0.7, nil)],
    [(.shearX, 0.7, 2), (.invert, 0.1, nil)],
  ]
}
