import Foundation
import GraftLearning
import Testing

/// One series of metrics of `Fixtures/schedules.json`.
struct PlateauCase: Decodable, Sendable, CustomTestStringConvertible {
  let title: String
  /// Nil for NaN.
  let metrics: [Double?]
  let goal: ReduceOnPlateau.Goal
  let thresholdMode: ReduceOnPlateau.ThresholdMode
  let reduction: Double
  let patience: Int
  let threshold: Double
  let cooldown: Int
  let floor: Double
  let factors: [Double]

  var testDescription: String { title }

  var plateau: ReduceOnPlateau {
    ReduceOnPlateau(
      goal: goal, reduction: reduction, patience: patience, threshold: threshold, thresholdMode: thresholdMode,
      cooldown: cooldown, floor: floor)
  }
}

@Suite struct ReduceOnPlateauTests {
  @Test(arguments: try SchedulesFixture.load().plateaus)
  func `the factor after each metric equals PyTorch's, also when going on from what was kept`(
    reference: PlateauCase
  ) throws {
    var plateau = reference.plateau
    for (metric, wanted) in zip(reference.metrics, reference.factors) {
      plateau.observe(metric ?? .nan)
      #expect(abs(plateau.factor - wanted) <= 1e-12 * wanted)
      plateau = try JSONDecoder().decode(ReduceOnPlateau.self, from: JSONEncoder().encode(plateau))
    }
  }

  @Test func `a schedule gives what watches, with its settings`() throws {
    let schedule = try LearningRateSchedule(parsing: "plateau:patience=3,factor=0.5,cooldown=1,floor=0.25")
    #expect(
      schedule.plateau(watching: .higher)
        == ReduceOnPlateau(goal: .higher, reduction: 0.5, patience: 3, cooldown: 1, floor: 0.25))
    #expect(schedule.factor(atStep: 7, of: 10, stepsPerEpoch: 2) == 1)
    #expect(LearningRateSchedule(.cosine).plateau(watching: .lower) == nil)
  }
}
