import Foundation
import GraftLearning
import Testing

/// `Fixtures/schedules.json`.
struct SchedulesFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let schedule: String
    let total: Int
    let stepsPerEpoch: Int
    let factors: [Double]
    let momenta: [Double]?
    var testDescription: String { schedule }
  }

  let cases: [Case]
  let plateaus: [PlateauCase]

  static func load() throws -> SchedulesFixture { try fixture("schedules.json") }
}

@Suite struct LearningRateScheduleTests {
  // 1e-12 of the rate is rounding: PyTorch multiplies from step to step.
  @Test(arguments: try SchedulesFixture.load().cases)
  func `every step's rate equals PyTorch's to rounding`(reference: SchedulesFixture.Case) throws {
    let schedule = try LearningRateSchedule(parsing: reference.schedule)
    #expect(schedule.description == reference.schedule)
    #expect(reference.factors.count == reference.total)
    for (step, wanted) in reference.factors.enumerated() {
      let found = schedule.factor(atStep: step, of: reference.total, stepsPerEpoch: reference.stepsPerEpoch)
      #expect(abs(found - wanted) <= 1e-12, "step \(step): \(found) instead of \(wanted)")
      let momentum = schedule.momentum(atStep: step, of: reference.total, stepsPerEpoch: reference.stepsPerEpoch)
      guard let momenta = reference.momenta else {
        #expect(momentum == nil)
        continue
      }
      #expect(abs(try #require(momentum) - momenta[step]) <= 1e-12, "step \(step)")
    }
  }

  @Test func `a position beyond the end, or a training of one step, has a rate`() throws {
    for kind in ScheduleKind.names {
      let schedule = try LearningRateSchedule(parsing: kind == "multistep" ? "multistep:at=3" : kind)
      for (step, total) in [(0, 0), (0, 1), (1, 1), (5, 3), (1000, 10)] {
        let factor = schedule.factor(atStep: step, of: total, stepsPerEpoch: 2)
        #expect((0...1).contains(factor), "\(kind) at \(step) of \(total): \(factor)")
      }
      var warmed = schedule
      warmed.warmup = 4
      #expect((0...1).contains(warmed.factor(atStep: 1, of: 3, stepsPerEpoch: 2)))
      #expect((0...1).contains(warmed.factor(atStep: 9, of: 3, stepsPerEpoch: 2)))
    }
  }

  @Test func `the warm-up rises in a straight line and ends at the schedule's beginning`() throws {
    let schedule = try LearningRateSchedule(parsing: "cosine:warmup=2,warmup-from=0.2")
    let factors = (0...4).map { schedule.factor(atStep: $0, of: 20, stepsPerEpoch: 2) }
    for (found, wanted) in zip(factors, [0.2, 0.4, 0.6, 0.8, 1]) { #expect(abs(found - wanted) < 1e-15) }
  }

  @Test(arguments: ["cosine:floor=0.1,warmup=2", "multistep:at=30/60,factor=0.5", "onecycle:rise=0.2,cycle-momentum"])
  func `words and JSON say the same again`(text: String) throws {
    let schedule = try LearningRateSchedule(parsing: text)
    #expect(schedule.description == text)
    let json = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: json) == schedule)
  }

  @Test(arguments: [
    (
      "cosin",
      "“cosin” is no known learning-rate schedule; known are constant, step, multistep, exponential, polynomial, cosine, "
        + "restarts, onecycle, plateau"
    ),
    ("cosine:every=3", "cosine has no setting “every”; it has floor, warmup, warmup-from"),
    (
      "multistep",
      "multistep needs its setting “at”; write multistep:at= and whole numbers from 1 to 1000000 that rise, with a slash "
        + "between them: “30/60”"
    ),
    (
      "multistep:at=60/30",
      "multistep's setting “at” is 60/30; write whole numbers from 1 to 1000000 that rise, with a slash between them: "
        + "“30/60”"
    ),
    (
      "multistep:at=3/",
      "multistep's setting “at” is “3/”; write whole numbers from 1 to 1000000 that rise, with a slash between them: "
        + "“30/60”"
    ),
    ("step:every=2.5", "step's setting “every” is “2.5”; write a whole number from 1 to 1000000"),
    (
      "restarts:period=9223372036854775807",
      "restarts's setting “period” is 9223372036854775807; write a whole number from 1 to 1000000"
    ),
    ("cosine:warmup=1e300", "cosine's setting “warmup” is 1e+300; write a number from 0 to 1000000"),
    ("onecycle:rise=1", "onecycle's setting “rise” is 1; write a number above 0 and below 1"),
  ])
  func `what makes no sense is said in words`(text: String, message: String) {
    let error = #expect(throws: SettingsError.self) { try LearningRateSchedule(parsing: text) }
    #expect(error?.description == message)
  }
}
