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
  /// As `OptimizerSettings` reads them.
  let settings: String
  let weightDecay: Float
  let learningRates: [Float]
  let recorded: [[Float]]

  var testDescription: String { title }

  static var all: [OptimizerCase] {
    get throws { try OptimizerFixture.load().cases }
  }

  var optimizer: any Optimizer {
    get throws { try OptimizerSettings(parsing: settings).optimizer }
  }
}
