import GraftTensors

/// What chance decides about one view of one photograph.
enum Decision: String {
  // Older than the others; its numbers must stay.
  case crop = ""
  case flip = "FLIP"
  case verticalFlip = "VFLIP"
  case rotation = "ROTATE"
  case zoom = "ZOOM"
  case shiftX = "SHIFTX"
  case shiftY = "SHIFTY"
  case shear = "SHEAR"
  case perspective = "PERSPECT"
  case brightness = "BRIGHT"
  case contrast = "CONTRAST"
  case saturation = "SATURATE"
  case hue = "HUE"
  case grey = "GREY"
  case policy = "POLICY"
  case blur = "BLUR"
  case noiseLevel = "NOISELEV"
  case noise = "NOISE"
  case erasing = "ERASE"
  case erasedPixels = "ERASEPIX"

  /// The name's letters as a number, the first in the highest byte.
  fileprivate var mark: UInt64 {
    rawValue.utf8.enumerated().reduce(0) { $0 | UInt64($1.element) << (56 - 8 * UInt64($1.offset)) }
  }
}

/// Chance as far as one view of one photograph is concerned: each decision has a generator of its own, so that no
/// augmentation moves another.
struct ViewChance {
  let seed: UInt64
  /// Tells photographs and their views apart.
  let stream: UInt64

  func generator(_ decision: Decision) -> SeededGenerator {
    SeededGenerator(seed: seed, stream: stream ^ decision.mark)
  }

  /// Whether something happens that happens with that probability.
  func happens(_ decision: Decision, _ probability: Double) -> Bool {
    guard probability > 0 else { return false }
    var generator = generator(decision)
    return Double(generator.nextUniform()) < probability
  }
}

extension SeededGenerator {
  /// Evenly from a range, in steps of 2⁻²⁴ of it.
  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(nextUniform())
  }
}
