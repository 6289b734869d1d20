import GraftLearning
import GraftTensors
import Testing

/// One batch of `Fixtures/losses.json`.
struct LossCase: Decodable, Sendable, CustomTestStringConvertible {
  let title: String
  /// As `LossConfiguration` reads it.
  let loss: String
  let rows: Int
  let width: Int
  let outputs: [Float]
  /// What `targets` are: classes, distributions, labels or values.
  let kind: String
  let targets: [Float]
  let weights: [Float]?
  let lossWeights: [Float]?
  let teacher: [Float]?
  let losses: [Double]
  let mean: Double
  let gradient: [Double]

  var testDescription: String { title }

  static var all: [LossCase] {
    get throws {
      struct File: Decodable { let cases: [LossCase] }
      return try fixture("losses.json", as: File.self).cases
    }
  }

  /// Those whose numbers are of ordinary size, for finite differences.
  static var ordinary: [LossCase] {
    get throws { try all.filter { !$0.title.contains("extreme") } }
  }

  func evaluate(_ range: Range<Int>? = nil, outputs: [Float]? = nil) throws -> LossEvaluation {
    let range = range ?? 0..<rows
    func part(_ numbers: [Float]) -> Tensor {
      Tensor(Array(numbers[range.lowerBound * width..<range.upperBound * width]), shape: [range.count, width])
    }
    var targets: Targets
    switch try #require(Targets.Kind(rawValue: kind)) {
    case .classes: targets = .classes(self.targets[range].map { Int($0) })
    case .distributions: targets = .distributions(part(self.targets))
    case .labels: targets = .labels(part(self.targets))
    case .values: targets = .values(part(self.targets))
    case .taught: throw Unexpected()
    }
    if let teacher { targets = .taught(targets, teacher: part(teacher)) }
    return try LossConfiguration(parsing: loss).loss(weights: lossWeights).evaluate(
      outputs: part(outputs ?? self.outputs), targets: targets, weights: weights.map { Array($0[range]) })
  }

  private struct Unexpected: Error {}
}
