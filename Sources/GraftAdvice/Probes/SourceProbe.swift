import GraftImages
import GraftLearning

/// How well a linear head on one source's features tells the classes apart, found without training the network.
public struct SourceProbe: Hashable, Sendable, Encodable {
  public let source: FeatureSource
  /// Of photographs that were held out, by a logistic regression on the others.
  public let accuracy: Double
  /// In which the accuracy probably lies, with 95 %: Wilson's.
  public let interval: ClosedRange<Double>
  /// The mean cross-entropy of what was held out, in nats.
  public let logLoss: Double
  /// C, as cross-validation chose it.
  public let strength: Double
  public let logME: Double
  /// Of the five nearest neighbours' vote.
  public let neighbours: Double
  /// The share of the scatter that is between the classes.
  public let separability: Double
  /// What finding this out took.
  public let seconds: Double
  /// Which photographs were told rightly while held out: to compare sources by, photograph by photograph.
  let isRight: [Bool]

  private enum CodingKeys: String, CodingKey {
    case source, accuracy, interval, logLoss, strength, logME = "logMe", neighbours, separability, seconds
  }

  /// - Parameter isOutput: whether the head reads it; then it takes as long as `--solver lbfgs` does.
  init(
    _ source: FeatureSource, isOutput: Bool, features: FeatureMatrix, labels: [Int], classes: Int, groups: [Int]?,
    folds: CrossValidationFolds
  ) throws {
    let start = ContinuousClock.now
    var search = LogisticRegressionCV(regression: LogisticRegression(standardizes: true))
    let choice: LogisticRegressionCV.Choice
    if isOutput {
      search.patience = LogisticRegressionCV.usualPatience
      choice = try search.fit(features, labels: labels, classes: classes, folds: folds).choice
    } else {
      search.patience = 1
      choice = try search.choose(features, labels: labels, classes: classes, folds: folds)
    }
    let solved = ContinuousClock.now
    let isRight = labels.indices.map { row in
      let logits = choice.heldOutLogits[row * classes..<(row + 1) * classes]
      return (logits.indices.max { logits[$0] < logits[$1] } ?? 0) - logits.startIndex == labels[row]
    }
    let right = Double(isRight.count { $0 })
    self.source = source
    accuracy = right / Double(labels.count)
    interval = Self.interval(right, of: labels.count)
    logLoss = choice.candidates.map { $0.mean(.logLoss) }.min() ?? 0
    strength = choice.strength
    logME = try LogME.score(features, labels: labels, classes: classes)
    neighbours = try NearestNeighbours().evaluate(features, labels: labels, classes: classes, groups: groups).accuracy
    separability = try ClassSeparability(features, labels: labels, classes: classes).share ?? 0
    seconds = start.duration(to: solved) / .seconds(1)
    self.isRight = isRight
  }

  /// A probe as it was found elsewhere.
  init(_ source: FeatureSource, isRight: [Bool]) {
    self.source = source
    let right = Double(isRight.count { $0 })
    accuracy = right / Double(max(isRight.count, 1))
    interval = Self.interval(right, of: isRight.count)
    (logLoss, strength, logME, neighbours, separability, seconds) = (0, 1, 0, accuracy, 0, 0)
    self.isRight = isRight
  }

  private static func interval(_ right: Double, of count: Int) -> ClosedRange<Double> {
    guard let wilson = ConfidenceInterval.wilson(successes: right, count: Double(count)) else { return 0...1 }
    return wilson.lower...wilson.upper
  }

  /// Whether the difference to another probe of the same photographs is more than chance.
  func differs(from other: SourceProbe) -> Bool {
    let (own, others) = disagreements(with: other)
    return McNemarTest(onlyFirst: own, onlySecond: others).isSignificant
  }

  /// What the accuracy is above that of another probe of the same photographs, at the lower end of the 95 % interval of paired
  /// differences (Agresti and Min 2005: Wald's, with half a photograph more in each of the four cells).
  func leastAdvantage(over other: SourceProbe) -> Double {
    let (own, others) = disagreements(with: other)
    let (count, sum, difference) = (Double(isRight.count + 2), Double(own + others + 1), Double(own - others))
    return (difference - 1.96 * (sum - difference * difference / count).squareRoot()) / count
  }

  /// How many photographs only this probe tells rightly, and how many only the other.
  private func disagreements(with other: SourceProbe) -> (own: Int, others: Int) {
    let pairs = zip(isRight, other.isRight)
    return (pairs.count { $0 && !$1 }, pairs.count { !$0 && $1 })
  }
}

extension StageFeatures {
  /// A probe for each source, one after the other.
  ///
  /// - Parameters:
  ///   - classes: how many there are, with photographs or without.
  ///   - report: called before each probe, with its number.
  /// - Throws: `LinearSolverError`; `AdviceError`; `CancellationError`.
  func probes(classes: Int, seed: UInt64 = 0, report: (Int) -> Void = { _ in }) throws -> [SourceProbe] {
    let labels = samples.map { $0.label ?? 0 }
    let groups = groupNumbers
    guard Set(labels).count > 1 else { throw AdviceError.oneClass(count: samples.count) }
    let folds = try CrossValidationFolds(stratifying: labels, folds: 5, seed: seed, groups: groups)
    return try zip(sources, matrices).enumerated().map { number, pair in
      try Task.checkCancellation()
      report(number)
      return try SourceProbe(
        pair.0, isOutput: number == sources.count - 1, features: pair.1, labels: labels, classes: classes,
        groups: groups, folds: folds)
    }
  }

  /// Photographs of one group have one number; nil where no photograph is of any.
  private var groupNumbers: [Int]? {
    guard samples.contains(where: { $0.group != nil }) else { return nil }
    var numbers: [String: Int] = [:]
    return samples.enumerated().map { row, sample in
      // One of no group stands for itself.
      let key = sample.group.map { "g" + $0 } ?? "r\(row)"
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      return number
    }
  }
}
