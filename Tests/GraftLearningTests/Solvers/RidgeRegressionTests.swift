import GraftLearning
import Testing

@Suite struct RidgeRegressionTests {
  @Test(arguments: try SolversFixture.load().ridge)
  func `the layer and the errors of every fold equal those of scikit-learn`(reference: SolversFixture.Ridge) throws {
    let features = FeatureMatrix(reference.features, width: reference.width)
    let ridge = RidgeRegression(alpha: reference.alpha, standardizes: reference.standardizes)
    let layer = try ridge.fit(
      features, values: reference.values, outputs: reference.outputs, sampleWeights: reference.sampleWeights)
    #expect(deviation(layer.kernel, reference.kernel) < 1e-5)
    #expect(deviation(layer.bias, reference.bias) < 1e-5)

    let search = try ridge.fit(
      features, values: reference.values, outputs: reference.outputs, choosingAmong: reference.candidates,
      folds: CrossValidationFolds(foldOfRow: reference.folds), sampleWeights: reference.sampleWeights)
    #expect(search.candidates.map(\.alpha) == reference.candidates.reversed())
    for (found, expected) in zip(search.candidates, reference.errors.reversed()) {
      #expect(deviation(found.errors.map { Float($0) }, expected) < 1e-5)
    }
    #expect(search.alpha == search.candidates.min { $0.mean < $1.mean }?.alpha)
  }

  @Test func `says what is wrong with what it is given`() {
    let features = FeatureMatrix([0, 1, 2], width: 1)
    #expect(throws: LinearSolverError.wrongCount(what: "rows of values", found: 2, expected: 3)) {
      try RidgeRegression().fit(features, values: [1, 2], outputs: 1)
    }
    #expect(throws: LinearSolverError.badTarget(row: 1, value: .infinity)) {
      try RidgeRegression().fit(features, values: [1, .infinity, 2], outputs: 1)
    }
    #expect(throws: LinearSolverError.badSetting(name: "alpha", value: -1)) {
      try RidgeRegression(alpha: -1).fit(features, values: [1, 2, 3], outputs: 1)
    }
  }
}
