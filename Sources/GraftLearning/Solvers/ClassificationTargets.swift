import Foundation

/// Labels as a logistic problem sees them: which outputs there are to fit, what is true of each row, and what it counts.
///
/// Classes without an example and labels that never change are left out of the problem, where their biases would grow
/// without end, and put into the layer afterwards.
struct ClassificationTargets: Sendable {
  /// The layer's outputs.
  let classes: Int
  let link: LogisticProblem.Link
  /// The layer's output that each of the problem's is; with one sigmoid for two classes, the second of them.
  private let fitted: [Int]
  /// The two classes that one sigmoid tells apart.
  private let pair: (Int, Int)?
  /// Biases of the outputs left out.
  private let constants: [Int: Double]
  /// `[rows, fitted.count]`, as the rows came.
  private let truth: [Double]
  private let weights: [Double]
  private let sampleWeights: [Double]
  /// Each row's class; empty where rows have labels of their own.
  let strata: [Int]

  /// Far below any logit, and far from what a float cannot hold.
  static let never = -1e6
  /// The logit of a label that has always held: probability 1 − 1e-13.
  private static let surely = 30.0

  init(
    labels: [Int], classes: Int, rows: Int, weighting: LogisticRegression.ClassWeighting, sampleWeights: [Double]?
  ) throws(LinearSolverError) {
    if labels.count != rows { throw .wrongCount(what: "labels", found: labels.count, expected: rows) }
    let samples = try Self.checked(sampleWeights, rows: rows)
    var totals = [Double](repeating: 0, count: max(classes, 0))
    for (row, label) in labels.enumerated() {
      guard 0..<classes ~= label else { throw .labelOutOfRange(row: row, label: label, classes: classes) }
      totals[label] += samples[row]
    }
    let present = totals.indices.filter { totals[$0] > 0 }
    if present.isEmpty { throw .noWeight }
    if present.count == 1 { throw .oneClass(present[0]) }
    let classWeights = try Self.classWeights(weighting, totals: totals, present: present)
    self.classes = classes
    self.sampleWeights = samples
    strata = labels
    constants = Dictionary(uniqueKeysWithValues: totals.indices.filter { totals[$0] == 0 }.map { ($0, Self.never) })
    let rowWeights = labels.enumerated().map { row, label in samples[row] * classWeights[label] }
    if rowWeights.allSatisfy({ $0 == 0 }) { throw .noWeight }
    if present.count == 2 {
      link = .sigmoid
      fitted = [present[1]]
      pair = (present[0], present[1])
      truth = labels.map { $0 == present[1] ? 1 : 0 }
      weights = rowWeights
    } else {
      link = .softmax
      fitted = present
      pair = nil
      truth = labels.flatMap { label in present.map { $0 == label ? 1 : 0 } }
      weights = rowWeights.flatMap { [Double](repeating: $0, count: present.count) }
    }
  }

  init(
    truths: [Bool], labels: Int, rows: Int, weighting: LogisticRegression.ClassWeighting, sampleWeights: [Double]?
  ) throws(LinearSolverError) {
    if truths.count != rows * labels {
      throw .wrongCount(what: "truths (of \(labels) labels)", found: truths.count, expected: rows)
    }
    let samples = try Self.checked(sampleWeights, rows: rows)
    var (fitted, constants): ([Int], [Int: Double]) = ([], [:])
    var weightsOfLabel: [Int: [Double]] = [:]
    for label in 0..<labels {
      var totals = [0.0, 0.0]
      for row in 0..<rows { totals[truths[row * labels + label] ? 1 : 0] += samples[row] }
      if totals[0] == 0 || totals[1] == 0 {
        constants[label] = totals[1] > 0 ? Self.surely : -Self.surely
      } else {
        fitted.append(label)
        // What is given is for the case that a label holds.
        let weighting: LogisticRegression.ClassWeighting =
          if case .given(let given) = weighting {
            .given([1, label < given.count ? given[label] : .nan])
          } else {
            weighting
          }
        weightsOfLabel[label] = try Self.classWeights(weighting, totals: totals, present: [0, 1])
      }
    }
    if fitted.isEmpty { throw .oneClass(0) }
    classes = labels
    link = .sigmoid
    self.fitted = fitted
    self.constants = constants
    self.sampleWeights = samples
    pair = nil
    strata = []
    var (truth, weights): ([Double], [Double]) = ([], [])
    for row in 0..<rows {
      for label in fitted {
        let holds = truths[row * labels + label]
        truth.append(holds ? 1 : 0)
        weights.append(samples[row] * (weightsOfLabel[label]?[holds ? 1 : 0] ?? 1))
      }
    }
    self.truth = truth
    self.weights = weights
  }

  static func checked(_ weights: [Double]?, rows: Int) throws(LinearSolverError) -> [Double] {
    guard let weights else { return [Double](repeating: 1, count: rows) }
    if weights.count != rows { throw .wrongCount(what: "weights", found: weights.count, expected: rows) }
    if let bad = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .badWeight(what: "the weight of row", index: bad, value: weights[bad])
    }
    if weights.allSatisfy({ $0 == 0 }) { throw .noWeight }
    return weights
  }

  private static func classWeights(
    _ weighting: LogisticRegression.ClassWeighting, totals: [Double], present: [Int]
  ) throws(LinearSolverError) -> [Double] {
    switch weighting {
    case .none: return [Double](repeating: 1, count: totals.count)
    case .balanced:
      let sum = totals.reduce(0, +)
      return totals.map { $0 > 0 ? sum / (Double(present.count) * $0) : 0 }
    case .given(let given):
      if given.count != totals.count {
        throw .wrongCount(what: "class weights", found: given.count, expected: totals.count)
      }
      if let bad = given.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
        throw .badWeight(what: "the weight of class", index: bad, value: given[bad])
      }
      return given
    }
  }

  /// The problem, with the rows in that order.
  func problem(_ features: FeatureMatrix, order: [Int], standardizes: Bool) -> LogisticProblem {
    let outputs = fitted.count
    func reordered(_ rows: [Double]) -> [Double] { order.flatMap { rows[$0 * outputs..<($0 + 1) * outputs] } }
    return LogisticProblem(
      design: LinearDesign(features, order: order, weights: sampleWeights, standardizes: standardizes), link: link,
      outputs: outputs, truth: reordered(truth), weights: reordered(weights))
  }

  /// Where to begin: no weights, and biases by which each output has its share.
  func start(_ problem: LogisticProblem) -> (point: [Double], curvature: Double) {
    let outputs = problem.outputs
    var (shares, totals) = ([Double](repeating: 0, count: outputs), [Double](repeating: 0, count: outputs))
    for (index, weight) in problem.weights.enumerated() {
      shares[index % outputs] += weight * problem.truth[index]
      totals[index % outputs] += weight
    }
    var point = [Double](repeating: 0, count: problem.parameterCount)
    var curvature = 0.0
    var biases: [Double] = []
    for output in 0..<outputs {
      // A weight of zero can leave a class without a share.
      let share = min(max(totals[output] > 0 ? shares[output] / totals[output] : 0.5, 1e-6), 1 - 1e-6)
      curvature += share * (1 - share) / Double(outputs)
      biases.append(link == .softmax ? log(share) : log(share / (1 - share)))
    }
    // A sum of zero, which scikit-learn's biases have too: softmax does not see it.
    let mean = link == .softmax ? biases.reduce(0, +) / Double(outputs) : 0
    for output in 0..<outputs { point[point.count - outputs + output] = biases[output] - mean }
    return (point, curvature)
  }

  /// The layer of a solution.
  func layer(at point: [Double], _ problem: LogisticProblem) -> LinearLayer {
    let kernelCount = problem.outputs * problem.design.columns
    let solved = problem.design.layer(weights: Array(point[..<kernelCount]), bias: Array(point[kernelCount...]))
    let width = solved.width
    var kernel = [Float](repeating: 0, count: classes * width)
    var bias = [Float](repeating: 0, count: classes)
    for (output, constant) in constants { bias[output] = Float(constant) }
    func put(_ scale: Float, row: Int, into output: Int) {
      for column in 0..<width { kernel[output * width + column] = scale * solved.kernel[row * width + column] }
      bias[output] = scale * solved.bias[row]
    }
    if let pair {
      put(-0.5, row: 0, into: pair.0)
      put(0.5, row: 0, into: pair.1)
    } else {
      for (row, output) in fitted.enumerated() { put(1, row: row, into: output) }
    }
    return LinearLayer(kernel: kernel, bias: bias, width: width)
  }

  func fit(_ solution: LogisticSolver.Solution, _ problem: LogisticProblem) -> LogisticRegression.Fit {
    LogisticRegression.Fit(
      layer: layer(at: solution.point, problem), iterations: solution.iterations,
      hasConverged: solution.ending != .iterations)
  }
}
