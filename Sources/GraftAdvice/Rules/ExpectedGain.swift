import Foundation

/// How much accuracy training parts of the network adds to a head on frozen features, as far as that can be told without
/// training: a share of the head's errors, the larger the more photographs there are, the deeper the training goes and the farther
/// the photographs are from the pretraining.
///
/// The shares are means over few trainings, which docs/PLANNING.md names.
struct ExpectedGain {
  /// Below this, a deeper training is not worth its time: one point in two hundred.
  static let worthwhile = 0.005

  let error: Double
  let distance: DomainDistance
  let imagesPerClass: Double

  init(error: Double, distance: DomainDistance, imagesPerClass: Double) {
    self.error = error
    self.distance = distance
    self.imagesPerClass = imagesPerClass
  }

  init(_ facts: AdviceFacts) {
    self.init(
      error: 1 - facts.output.accuracy, distance: facts.distance, imagesPerClass: facts.imagesPerClass)
  }

  /// The share of the head's errors that training removes where there are photographs enough.
  private var removable: Double { distance == .far ? 0.8 : 0.15 }

  /// - Parameter stages: of the backbone.
  /// - Returns: what is gained of all photographs, 0 to 1; below 0 where training would rather lose something.
  func points(of depth: AdaptationDepth, stages: Int) -> Double {
    let share: Double
    switch depth {
    case .head: return 0
    case .lastStages(let count): share = min(Double(count) / Double(max(stages, 1)), 1)
    case .all: share = 1
    }
    // Far away a quarter of the way brings half of it: the last stages know most of what has to change. Nearby nothing else has to.
    let reach = distance == .far ? share.squareRoot() : 1
    // Where photographs are few, what moves follows their noise: with 30 a class and everything free, half is lost again.
    let data = imagesPerClass / (imagesPerClass + 30 * share)
    return error * removable * reach * data - 0.1 * share / max(imagesPerClass, 1)
  }
}
