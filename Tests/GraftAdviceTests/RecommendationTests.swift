import Testing

@testable import GraftAdvice

/// What follows from probes, with probes made up.
@Suite struct RecommendationTests {
  private let depths: [AdaptationDepth] = [.head, .lastStages(1), .all]

  /// - Parameter right: of each source, how many of `count` photographs are told rightly.
  private func facts(_ right: [Int], of count: Int, perClass: Int) -> AdviceFacts {
    let probes = right.enumerated().map { number, right in
      SourceProbe(
        FeatureSource(name: "stage\(number + 1)", node: "layer\(number)", shape: [8], depth: 1),
        isRight: (0..<count).map { $0 < right })
    }
    return AdviceFacts(probes: probes, classes: ["a", "b"], counts: [perClass, perClass])
  }

  private func recommendation(_ facts: AdviceFacts) -> Recommendation {
    Recommendation(facts, depths: depths, stages: 4)
  }

  @Test func `where a head makes next to no mistake, nothing else is trained, and that is clear`() {
    let found = recommendation(facts([900, 1990], of: 2000, perClass: 1000))
    #expect(found.depth == .head)
    #expect(found.isClear)
  }

  @Test func `where a head is often wrong, photographs are many and the domain is far, everything trains`() {
    let facts = facts([1500, 1300], of: 2000, perClass: 1000)
    #expect(facts.distance == .far)
    #expect(facts.best.source.name == "stage1")
    let found = recommendation(facts)
    #expect(found.depth == .all)
    #expect(found.isClear)
  }

  @Test func `where the interval allows the head alone and more, it cannot be told, and the likeliest is taken`() {
    // 58 of 60: the interval reaches from 89 % to 99 %.
    let unclear = recommendation(facts([45, 58], of: 60, perClass: 30))
    #expect(!unclear.isClear)
    #expect(unclear.open == [.head, .lastStages(1)])
    #expect(unclear.depth == .head)
    let likelier = recommendation(facts([45, 57], of: 60, perClass: 30))
    #expect(!likelier.isClear)
    #expect(likelier.depth == .lastStages(1))
  }

  @Test func `features of an earlier stage that are surely as good speak for a far domain`() {
    let many = facts([1800, 1800], of: 2000, perClass: 1000)
    #expect(many.distance == .far)
    #expect(recommendation(many).depth == .all)
    // A single photograph told differently, of few: the difference may be more than two points.
    #expect(facts([57, 58], of: 60, perClass: 30).distance == .unclear)
  }

  @Test func `nearby nothing but the last stage is worth training`() {
    let near = facts([1000, 1700], of: 2000, perClass: 1000)
    #expect(near.distance == .near)
    #expect(recommendation(near).depth == .lastStages(1))
  }

  @Test func `features that are better the deeper they are speak for a near domain`() {
    #expect(facts([1000, 1800], of: 2000, perClass: 1000).distance == .near)
  }

  @Test func `fewer photographs never speak for training more, and a larger error never for less`() {
    for distance in [DomainDistance.near, .unclear, .far] {
      var last = -1.0
      for perClass in [5.0, 10, 30, 100, 300, 1000] {
        let gain = ExpectedGain(error: 0.2, distance: distance, imagesPerClass: perClass).points(of: .all, stages: 4)
        #expect(gain > last)
        last = gain
      }
      for depth in depths.dropFirst() {
        let small = ExpectedGain(error: 0.05, distance: distance, imagesPerClass: 100).points(of: depth, stages: 4)
        let large = ExpectedGain(error: 0.3, distance: distance, imagesPerClass: 100).points(of: depth, stages: 4)
        #expect(small < large)
      }
    }
  }

  @Test(arguments: [("90s", 90.0), ("20min", 1200), ("1.5h", 5400), ("45", 45), ("2 hours", 7200)])
  func `a budget is read in the words that people use`(text: String, seconds: Double) throws {
    #expect(try AdviceLimits.seconds(parsing: text) == seconds)
  }

  @Test(arguments: ["", "soon", "-3min", "0s", "min"])
  func `what is no time is refused`(text: String) {
    #expect(throws: AdviceError.invalidBudget(text)) { try AdviceLimits.seconds(parsing: text) }
    #expect(
      "\(AdviceError.invalidBudget("soon"))"
        == "“soon” is no time; expected a number with s, min or h, as in 90s, 20min or 1.5h")
  }
}
