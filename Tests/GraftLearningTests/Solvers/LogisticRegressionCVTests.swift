import GraftLearning
import Testing

@Suite struct LogisticRegressionCVTests {
  @Test(arguments: 0..<2)
  func `scores of every fold, the choice and the layer equal those of scikit-learn`(number: Int) throws {
    let reference = try SolversFixture.load().crossValidation[number]
    var search = LogisticRegressionCV()
    search.strengths = reference.candidates.map(\.strength)
    search.foldTolerance = 1e-8
    let result = try search.fit(
      FeatureMatrix(reference.features, width: reference.width), labels: reference.labels, classes: reference.classes,
      folds: CrossValidationFolds(foldOfRow: reference.folds))
    #expect(result.strength == reference.best)
    for (found, expected) in zip(result.candidates, reference.candidates) {
      #expect(deviation(found.logLoss.map { Float($0) }, expected.logLoss) < 1e-5)
      #expect(found.accuracy.map { Float($0) } == expected.accuracy.map { Float($0) })
    }
    if reference.classes == 2 {
      let kernel = zip(result.layer.kernel[..<reference.width], result.layer.kernel[reference.width...]).map { $1 - $0 }
      #expect(deviation(kernel, reference.kernel) < 1e-4)
    } else {
      #expect(deviation(result.layer.kernel, reference.kernel) < 1e-4)
      #expect(deviation(result.layer.bias, reference.bias) < 1e-4)
    }
  }

  @Test func `what was held out is predicted by layers that have not seen it`() throws {
    let reference = try SolversFixture.load().crossValidation[0]
    let result = try LogisticRegressionCV().fit(
      FeatureMatrix(reference.features, width: reference.width), labels: reference.labels, classes: reference.classes,
      folds: CrossValidationFolds(foldOfRow: reference.folds))
    let chosen = try #require(result.candidates.first { $0.strength == result.strength })
    for fold in 0..<5 {
      let rows = reference.folds.indices.filter { reference.folds[$0] == fold }
      let right = rows.count {
        let logits = result.heldOutLogits[$0 * reference.classes..<($0 + 1) * reference.classes]
        return ClassRanking(scores: logits).best == reference.labels[$0]
      }
      #expect(abs(Double(right) / Double(rows.count) - chosen.accuracy[fold]) < 1e-12)
    }
  }

  @Test func `of equal scores the smallest strength is chosen`() throws {
    // Far apart: every strength gets all right.
    var search = LogisticRegressionCV()
    search.scoring = .accuracy
    search.strengths = [10, 1, 100]
    let features = FeatureMatrix([0, 1, 0, 1, 100, 101, 100, 101], width: 1)
    let labels = [0, 0, 0, 0, 1, 1, 1, 1]
    let result = try search.fit(
      features, labels: labels, classes: 2, folds: CrossValidationFolds(stratifying: labels, folds: 4, seed: 1))
    #expect(result.strength == 1)
    #expect(result.candidates.map(\.strength) == [1, 10, 100])
    #expect(result.candidates.allSatisfy { $0.mean(.accuracy) == 1 })
  }

  @Test(arguments: 0..<2)
  func `patience leaves out what is past the best, and chooses the same`(number: Int) throws {
    let reference = try SolversFixture.load().crossValidation[number]
    let features = FeatureMatrix(reference.features, width: reference.width)
    let folds = try CrossValidationFolds(foldOfRow: reference.folds)
    var search = LogisticRegressionCV()
    let all = try search.fit(features, labels: reference.labels, classes: reference.classes, folds: folds)
    let best = try #require(all.candidates.firstIndex { $0.strength == all.strength })
    search.patience = 1
    let some = try search.fit(features, labels: reference.labels, classes: reference.classes, folds: folds)
    #expect(some.candidates == Array(all.candidates.prefix(best + 2)))
    #expect(some.layer == all.layer && some.heldOutLogits == all.heldOutLogits)
    #expect(
      try search.choose(features, labels: reference.labels, classes: reference.classes, folds: folds) == some.choice)
  }

  @Test func `a class that one fold's training lacks costs log-loss, not the search`() throws {
    let features = FeatureMatrix([0, 1, 2, 3, 4, 5], width: 1)
    let result = try LogisticRegressionCV().fit(
      features, labels: [0, 0, 0, 1, 1, 2], classes: 3, folds: CrossValidationFolds(foldOfRow: [0, 1, 2, 0, 1, 2]))
    #expect(result.candidates.allSatisfy { $0.logLoss.allSatisfy(\.isFinite) })
    #expect(result.fit.hasConverged)
  }

  @Test func `the same comes out every time`() throws {
    let reference = try SolversFixture.load().crossValidation[0]
    func run() throws -> LogisticRegressionCV.Fit {
      try LogisticRegressionCV().fit(
        FeatureMatrix(reference.features, width: reference.width), labels: reference.labels,
        classes: reference.classes,
        folds: CrossValidationFolds(stratifying: reference.labels, folds: 5, seed: 3))
    }
    let (one, other) = (try run(), try run())
    #expect(one.candidates == other.candidates)
    #expect(one.layer == other.layer)
    #expect(one == other)
  }

  @Test func `a cancelled task stops it`() async throws {
    let reference = try SolversFixture.load().crossValidation[0]
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try LogisticRegressionCV().fit(
        FeatureMatrix(reference.features, width: reference.width), labels: reference.labels,
        classes: reference.classes, folds: CrossValidationFolds(foldOfRow: reference.folds))
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
