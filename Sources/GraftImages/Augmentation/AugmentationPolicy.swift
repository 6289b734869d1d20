import GraftTensors

/// Operations drawn from a list, instead of limits for each: torchvision's `RandAugment`, `TrivialAugmentWide` and `AutoAugment`, with
/// their operations and magnitudes (`torchvision/transforms/autoaugment.py`; 31 magnitudes, 10 of the last).
///
/// Unlike there, what moves pixels joins the view's one warp: it is bilinear, sees the photograph mirrored beyond its
/// edges instead of black, and precedes what changes colours.
public enum AugmentationPolicy: Hashable, Sendable, Codable {
  /// So many operations, each drawn anew from fourteen, all at the same magnitude, 0…30 (Cubuk et al. 2019,
  /// arXiv:1909.13719).
  case randAugment(operations: Int, magnitude: Int)
  /// One operation at a magnitude that is drawn, too, up to much greater ones (Müller and Hutter 2021, arXiv:2103.10158).
  case trivialAugmentWide
  /// One pair of operations of those that a search has found, each done or not by a probability of its own (AutoAugment).
  case autoAugment(LearnedPolicy)

  static let greatestMagnitude = 30
}

extension AugmentationPolicy {
  /// What is done to one view, in its order.
  func drawn(by chance: ViewChance, width: Double, height: Double) -> [PolicyOperation] {
    var generator = chance.generator(.policy)
    let ranges = ranges(width: width, height: height)
    func one(_ magnitude: Int?) -> PolicyOperation {
      let name = PolicyRanges.Name.drawn[Int.random(in: 0..<PolicyRanges.Name.drawn.count, using: &generator)]
      let magnitude = magnitude ?? Int.random(in: 0...Self.greatestMagnitude, using: &generator)
      let isNegative = Bool.random(using: &generator)
      return ranges.operation(
        name, share: Double(magnitude) / Double(Self.greatestMagnitude), isNegative: isNegative)
    }
    switch self {
    case .randAugment(let operations, let magnitude): return (0..<operations).map { _ in one(magnitude) }
    case .trivialAugmentWide: return [one(nil)]
    case .autoAugment(let policy):
      let pair = policy.pairs[Int.random(in: policy.pairs.indices, using: &generator)]
      return pair.compactMap { choice in
        let happens = Double(generator.nextUniform()) < choice.probability
        let isNegative = Bool.random(using: &generator)
        guard happens else { return nil }
        return ranges.operation(
          choice.operation, share: Double(choice.magnitude ?? 0) / Double(LearnedPolicy.greatestMagnitude),
          isNegative: isNegative)
      }
    }
  }

  /// torchvision's `_augmentation_space`, for views of that size.
  func ranges(width: Double, height: Double) -> PolicyRanges {
    switch self {
    case .randAugment, .autoAugment:
      PolicyRanges(
        shear: 0.3, shiftX: 150.0 / 331 * width, shiftY: 150.0 / 331 * height, rotation: 30, factor: 0.9, bits: 4,
        size: (width, height))
    case .trivialAugmentWide:
      PolicyRanges(
        shear: 0.99, shiftX: 32, shiftY: 32, rotation: 135, factor: 0.99, bits: 6, size: (width, height))
    }
  }
}

/// One thing that a policy does to a view.
enum PolicyOperation: Hashable {
  case nothing
  /// From a point of the result to where it lies before.
  case warp(ProjectiveMap)
  case color(ColorStep)
}

/// The greatest magnitudes of a policy's operations.
struct PolicyRanges {
  enum Name: CaseIterable {
    case identity, shearX, shearY, translateX, translateY, rotate, brightness, color, contrast, sharpness, posterize,
      solarize, autoContrast, equalize, invert

    /// Those that are drawn where no table says which: RandAugment's and TrivialAugment's fourteen.
    static let drawn = allCases.filter { $0 != .invert }
  }

  let shear, shiftX, shiftY, rotation, factor, bits: Double
  /// Of the view, about whose centre it is turned.
  let size: (width: Double, height: Double)

  /// - Parameter share: of the greatest magnitude.
  func operation(_ name: Name, share: Double, isNegative: Bool) -> PolicyOperation {
    let signed = isNegative ? -share : share
    let factor = 1 + signed * factor
    switch name {
    case .identity: return .nothing
    // The corner stays, as in the paper's own program.
    case .shearX: return .warp(ProjectiveMap([1, signed * shear, 0, 0, 1, 0, 0, 0, 1]))
    case .shearY: return .warp(ProjectiveMap([1, 0, 0, signed * shear, 1, 0, 0, 0, 1]))
    case .translateX: return .warp(.translation(-(signed * shiftX).rounded(.towardZero), 0))
    case .translateY: return .warp(.translation(0, -(signed * shiftY).rounded(.towardZero)))
    case .rotate:
      return .warp(.affine(rotation: signed * rotation, centre: (size.width / 2, size.height / 2)))
    case .brightness: return .color(.brightness(factor))
    case .color: return .color(.saturation(factor))
    case .contrast: return .color(.contrast(factor))
    case .sharpness: return .color(.sharpness(factor))
    case .posterize: return .color(.posterize(8 - Int((share * bits).rounded(.toNearestOrEven))))
    case .solarize: return .color(.solarize(255 * (1 - share)))
    case .autoContrast: return .color(.autocontrast)
    case .equalize: return .color(.equalize)
    case .invert: return .color(.invert)
    }
  }
}
