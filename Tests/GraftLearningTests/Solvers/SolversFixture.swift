import GraftLearning
import Testing

/// `Fixtures/solvers.json`: what scikit-learn's linear models make of small data.
struct SolversFixture: Decodable {
  struct Logistic: Decodable, CustomTestStringConvertible {
    let title: String
    let features: [Float]
    let width: Int
    let labels: [Int]
    let classes: Int
    let strength: Double
    let balanced: Bool
    let classWeights: [Double]?
    let sampleWeights: [Double]?
    let standardizes: Bool
    /// The classes that have examples, and rows of `kernel`; with two there is one row.
    let present: [Int]
    let kernel: [Double]
    let bias: [Double]
    /// `[rows, present]`.
    let probabilities: [Double]

    var testDescription: String { title }
    var matrix: FeatureMatrix { FeatureMatrix(features, width: width) }
    var regression: LogisticRegression {
      let weighting: LogisticRegression.ClassWeighting =
        if let classWeights { .given(classWeights) } else if balanced { .balanced } else { .none }
      return LogisticRegression(strength: strength, classWeighting: weighting, standardizes: standardizes)
    }
  }

  struct Labels: Decodable {
    let features: [Float]
    let width: Int
    let truths: [Bool]
    let labels: Int
    let strength: Double
    let kernel: [Double]
    let bias: [Double]
  }

  struct CrossValidation: Decodable {
    struct Candidate: Decodable {
      let strength: Double
      let logLoss: [Double]
      let accuracy: [Double]
    }
    let features: [Float]
    let width: Int
    let labels: [Int]
    let classes: Int
    let folds: [Int]
    let candidates: [Candidate]
    let best: Double
    let kernel: [Double]
    let bias: [Double]
  }

  struct Ridge: Decodable, CustomTestStringConvertible {
    let title: String
    let features: [Float]
    let width: Int
    let values: [Float]
    let outputs: Int
    let alpha: Double
    let sampleWeights: [Double]?
    let standardizes: Bool
    let kernel: [Double]
    let bias: [Double]
    let folds: [Int]
    let candidates: [Double]
    let errors: [[Double]]

    var testDescription: String { title }
  }

  let logistic: [Logistic]
  let labels: Labels
  let crossValidation: [CrossValidation]
  let ridge: [Ridge]

  static func load() throws -> SolversFixture { try fixture("solvers.json") }
}

/// The largest difference, over the largest of the expected numbers or 1.
func deviation(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.reduce(1) { max($0, $1.magnitude) }
  // max() would pass over a NaN.
  return zip(found, expected).map { (Double($0) - $1).magnitude / scale }.reduce(0) { $0 >= $1 ? $0 : $1 }
}
