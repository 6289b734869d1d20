import GraftLearning
import Testing

/// `Fixtures/optimizers.json`.
struct OptimizerFixture: Decodable {
  let initial: [Float]
  /// One array a step.
  let gradients: [[Float]]
  /// The steps, counted from 1, after which `OptimizerCase.recorded` holds the parameter.
  let recordedSteps: [Int]
  let cases: [OptimizerCase]

  static func load() throws -> OptimizerFixture { try fixture("optimizers.json") }
}

/// One optimizer with one set of settings.
struct OptimizerCase: Decodable, Sendable, CustomTestStringConvertible {
  let title: String
  let kind: String
  let momentum: Double
  let nesterov: Bool
  let beta1: Double
  let beta2: Double
  let epsilon: Double
  let weightDecay: Float
  let learningRates: [Float]
  let recorded: [[Float]]

  var testDescription: String { title }

  static var all: [OptimizerCase] {
    get throws { try OptimizerFixture.load().cases }
  }

  var optimizer: any Optimizer {
    get throws {
      switch try #require(OptimizerKind(named: kind)) {
      case .sgd: SGD(momentum: momentum, nesterov: nesterov)
      case .adam: Adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
      case .adamw: AdamW(beta1: beta1, beta2: beta2, epsilon: epsilon)
      }
    }
  }
}
