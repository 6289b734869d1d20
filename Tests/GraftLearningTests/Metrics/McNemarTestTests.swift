import GraftLearning
import Testing

@Suite struct McNemarTestTests {
  // Each by scipy.stats.binomtest(b, b + c, 0.5).pvalue of SciPy 1.17.
  @Test(arguments: [
    (5, 5, 1.0),
    (0, 6, 0.03125),
    (10, 2, 0.03857421875),
    (3, 20, 0.00048828125),
    (120, 150, 0.07738939898021849),
    (4000, 4200, 0.027972423571324654),
    (1, 0, 1.0),
  ])
  func `the probability is that of SciPy's binomial test`(first: Int, second: Int, expected: Double) {
    let test = McNemarTest(onlyFirst: first, onlySecond: second)
    #expect(abs(test.pValue - expected) <= 1e-9 * expected)
    #expect(McNemarTest(onlyFirst: second, onlySecond: first).pValue == test.pValue)
    #expect(test.isSignificant == (expected < 0.05))
  }

  @Test func `classifiers that never differ are no different`() {
    #expect(McNemarTest(onlyFirst: 0, onlySecond: 0).pValue == 1)
  }
}
