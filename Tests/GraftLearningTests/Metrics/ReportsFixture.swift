import GraftLearning
import Testing

/// `Fixtures/reports.json`: what scikit-learn says about predictions; null where it warns or answers NaN.
struct ReportsFixture: Decodable {
  struct Averages: Decodable {
    let micro: [Double]
    let macro: [Double]
    let weighted: [Double]
  }

  struct Classification: Decodable, CustomTestStringConvertible {
    let title: String
    let labels: [Int]
    let classes: Int
    let probabilities: [Float]
    let weights: [Double]?
    let top: Int
    let accuracy: Double?
    let topAccuracy: Double?
    let balancedAccuracy: Double?
    let byClass: [[Double?]]
    let averages: Averages
    let confusion: [[Double]]
    let areas: [Double?]
    let area: Double?
    let weightedArea: Double?
    let precisions: [Double?]
    let precision: Double?
    let logLoss: Double?
    let brier: Double?
    let kappa: Double?
    let matthews: Double?
    let calibrationError: Double

    var testDescription: String { title }
  }

  struct MultiLabel: Decodable, CustomTestStringConvertible {
    let title: String
    let labels: Int
    let truths: [Bool]
    let probabilities: [Float]
    let weights: [Double]?
    let subsetAccuracy: Double?
    let hammingLoss: Double?
    let byLabel: [[Double?]]
    let averages: Averages
    let bySample: [Double]
    let areas: [Double?]
    let area: Double?
    let microArea: Double?
    let precisions: [Double?]
    let precision: Double?
    let microPrecision: Double?
    let rankingPrecision: Double?

    var testDescription: String { title }
  }

  struct Regression: Decodable, CustomTestStringConvertible {
    let title: String
    let values: Int
    let truths: [Float]
    let predictions: [Float]
    let weights: [Double]?
    let byValue: [[Double?]]
    let mean: [Double?]

    var testDescription: String { title }
  }

  struct Temperature: Decodable {
    let labels: [Int]
    let logits: [Float]
    let weights: [Double]
    let temperature: Double
  }

  let classification: [Classification]
  let multiLabel: [MultiLabel]
  let regression: [Regression]
  let temperature: [Temperature]

  static func load() throws -> ReportsFixture { try fixture("reports.json") }
}

extension PrecisionRecall {
  var numbers: [Double?] { [precision, recall, f1] }
}

/// Both nil, or nearly the same.
func expectEqual(
  _ found: Double?, _ expected: Double?, within tolerance: Double = 1e-6, _ what: Comment = "",
  at place: SourceLocation = #_sourceLocation
) {
  if let found, let expected {
    #expect(abs(found - expected) <= tolerance * max(1, abs(expected)), what, sourceLocation: place)
  } else {
    #expect(found == expected, what, sourceLocation: place)
  }
}

func expectEqual(_ found: [Double?], _ expected: [Double?], at place: SourceLocation = #_sourceLocation) {
  #expect(found.count == expected.count, sourceLocation: place)
  for (index, (one, other)) in zip(found, expected).enumerated() {
    expectEqual(one, other, "number \(index)", at: place)
  }
}

/// Averages are numbers in scikit-learn even where it warns: 0 for what is not defined.
func expectEqual(
  _ found: AveragedPrecisionRecall, _ expected: ReportsFixture.Averages, at place: SourceLocation = #_sourceLocation
) {
  for (one, other) in zip(
    [found.micro, found.macro, found.weighted], [expected.micro, expected.macro, expected.weighted])
  {
    expectEqual(one.numbers.map { $0 ?? 0 }, other, at: place)
  }
}
