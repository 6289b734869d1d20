import GraftLearning
import Testing

/// `Fixtures/probes.json`.
struct ProbesFixture: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    let title: String
    let features: [Float]
    let width: Int
    let labels: [Int]
    let classes: Int
    let values: [Float]
    let logME: Double
    let logMEOfValues: Double
    let between: Double
    let within: Double
    let nearest: [Int]
    let prototypes: [Int]
    let means: [[Double]]
    let variances: [Double]

    var testDescription: String { title }
    var matrix: FeatureMatrix { FeatureMatrix(features, width: width) }
  }

  struct Shift: Decodable {
    let stored: [Double]
    let observed: [Double]
    let epsilon: Double
    let divergence: Double
    let distance: Double
  }

  let cases: [Case]
  let shifts: [Shift]

  static func load() throws -> ProbesFixture { try fixture("probes.json") }
}

@Suite struct ProbesTests {
  @Test(arguments: try ProbesFixture.load().cases)
  func `LogME is the paper's evidence, computed with whole matrices`(reference: ProbesFixture.Case) throws {
    expectEqual(
      try LogME.score(reference.matrix, labels: reference.labels, classes: reference.classes), reference.logME,
      within: 1e-5)
    expectEqual(
      try LogME.score(reference.matrix, values: reference.values, columns: 1), reference.logMEOfValues, within: 1e-5)
  }

  @Test(arguments: try ProbesFixture.load().cases)
  func `scatter and moments are NumPy's`(reference: ProbesFixture.Case) throws {
    let separability = try ClassSeparability(reference.matrix, labels: reference.labels, classes: reference.classes)
    expectEqual(separability.between, reference.between)
    expectEqual(separability.within, reference.within)
    expectEqual(separability.ratio, reference.between / reference.within)
    expectEqual(ChannelMoments(of: reference.matrix).variances, reference.variances)
  }

  @Test(arguments: try ProbesFixture.load().cases)
  func `the nearest neighbour is scikit-learn's`(reference: ProbesFixture.Case) throws {
    let result = try NearestNeighbours(neighbours: 1).evaluate(
      reference.matrix, labels: reference.labels, classes: reference.classes)
    #expect(result.predictions == reference.nearest)
    let right = zip(reference.nearest, reference.labels).count { $0 == $1 }
    #expect(result.accuracy == Double(right) / Double(reference.labels.count))
  }

  @Test(arguments: try ProbesFixture.load().cases)
  func `the nearest prototype is scikit-learn's nearest centroid`(reference: ProbesFixture.Case) throws {
    let layer = try NearestPrototype().fit(reference.matrix, labels: reference.labels, classes: reference.classes)
    let scores = layer(reference.matrix)
    let predictions = reference.labels.indices.map {
      ClassRanking(scores: scores[$0 * reference.classes..<($0 + 1) * reference.classes]).best
    }
    #expect(predictions == reference.prototypes)
    #expect(deviation(layer.kernel, reference.means.flatMap { $0.map { 2 * $0 } }) < 1e-6)
  }

  @Test func `most votes win, of as many the more similar, and a group does not vote for itself`() throws {
    // Angles of 0, 10, 20 and 30 degrees.
    let features = FeatureMatrix([1, 0, 0.9848, 0.1736, 0.9397, 0.3420, 0.8660, 0.5], width: 2)
    func predictions(_ neighbours: Int, _ groups: [Int]? = nil) throws -> [Int] {
      try NearestNeighbours(neighbours: neighbours).evaluate(
        features, labels: [0, 1, 2, 2], classes: 3, groups: groups
      ).predictions
    }
    #expect(try predictions(3) == [2, 2, 1, 2])
    #expect(try predictions(2)[0] == 1)
    #expect(try predictions(1, [0, 0, 1, 1]) == [2, 2, 1, 1])
  }

  @Test func `directions, not lengths, are near by cosine`() throws {
    let features = FeatureMatrix([1, 0, 100, 10, 0, 1, 3, 40, 0, 0], width: 2)
    let layer = try NearestPrototype(distance: .cosine).fit(features, labels: [0, 0, 1, 1, 1], classes: 3)
    let scores = layer(FeatureMatrix([5, 1, 0.01, 0.2], width: 2))
    #expect(ClassRanking(scores: scores[..<3]).best == 0 && ClassRanking(scores: scores[3...]).best == 1)
    #expect(abs(layer.kernel[0] * layer.kernel[0] + layer.kernel[1] * layer.kernel[1] - 1) < 1e-6)
    #expect(scores[2] < -1e5)
  }

  @Test func `divergence and distance of Gaussians equal those of their definitions`() throws {
    for reference in try ProbesFixture.load().shifts {
      let shift = StatisticsShift(
        stored: ChannelMoments(means: [reference.stored[0]], variances: [reference.stored[1]]),
        observed: ChannelMoments(means: [reference.observed[0]], variances: [reference.observed[1]]),
        epsilon: reference.epsilon)
      expectEqual(shift.meanDivergence, reference.divergence)
      expectEqual(shift.meanDistance, reference.distance)
    }
  }

  @Test func `says what is wrong with what it is given`() {
    let features = FeatureMatrix([1, .infinity], width: 1)
    #expect(throws: LinearSolverError.notFinite(row: 1, column: 0, value: .infinity)) {
      try LogME.score(features, labels: [0, 1], classes: 2)
    }
    #expect(throws: LinearSolverError.labelOutOfRange(row: 1, label: 7, classes: 2)) {
      try NearestNeighbours().evaluate(FeatureMatrix([1, 2], width: 1), labels: [0, 7], classes: 2)
    }
    #expect(throws: LinearSolverError.wrongCount(what: "labels", found: 1, expected: 2)) {
      try ClassSeparability(FeatureMatrix([1, 2], width: 1), labels: [0], classes: 2)
    }
  }
}
