import GraftTensors
import Testing

@testable import GraftEngine

@Suite struct ArenaPlanTests {
  private static func needs(_ count: Int, seed: UInt64) -> [ArenaPlan.Need] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let first = Int(generator.nextUniform() * 50)
      return ArenaPlan.Need(
        byteCount: Int(generator.nextUniform() * 5000), steps: first...first + Int(generator.nextUniform() * 20))
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `what is needed at the same time does not overlap`(seed: UInt64) {
    let needs = Self.needs(80, seed: seed)
    let plan = ArenaPlan(needs)
    for (first, need) in needs.enumerated() {
      #expect(plan.offsets[first] % ArenaPlan.alignment == 0)
      #expect(plan.offsets[first] + need.byteCount <= plan.byteCount)
      for (second, other) in needs.enumerated() where second > first && other.steps.overlaps(need.steps) {
        let areApart =
          plan.offsets[first] + need.byteCount <= plan.offsets[second]
          || plan.offsets[second] + other.byteCount <= plan.offsets[first]
        #expect(areApart)
      }
    }
  }

  @Test func `a chain takes no more than its two largest neighbours`() {
    let sizes = [640, 1280, 256, 2560, 640, 64]
    let needs = sizes.enumerated().map { ArenaPlan.Need(byteCount: $1, steps: $0...$0 + 1) }
    #expect(ArenaPlan(needs).byteCount == 2560 + 640)
    #expect(ArenaPlan.leastByteCount(needs) == 2560 + 640)
  }

  @Test(arguments: [6, 7, 8] as [UInt64])
  func `random needs take little more than the most that is needed at once`(seed: UInt64) {
    let needs = Self.needs(200, seed: seed)
    let plan = ArenaPlan(needs)
    #expect(plan.byteCount >= ArenaPlan.leastByteCount(needs))
    #expect(Double(plan.byteCount) <= 1.25 * Double(ArenaPlan.leastByteCount(needs)))
  }

  @Test func `nothing takes nothing`() {
    #expect(ArenaPlan([]).byteCount == 0)
  }
}
