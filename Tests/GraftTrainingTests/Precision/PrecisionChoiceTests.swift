import Foundation
import GraftEngine
import Testing

@testable import GraftTraining

@Suite struct PrecisionChoiceTests {
  @Test(arguments: [
    ([0.99995, 0.9998], Precision.bfloat16), ([0.999], .bfloat16), ([Double(0.999).nextDown], .float32),
    ([1, 1, 1, 1, 1, 1, 1, 0.99], .float32), ([0], .float32),
  ])
  func `the least cosine decides, and 0.999 is enough`(cosines: [Double], expected: Precision) {
    let choice = PrecisionChoice(cosines: cosines)
    #expect(choice.precision == expected && choice.reason == .trial)
    #expect(choice.trial?.leastCosine == cosines.min())
    #expect(choice.trial?.photographs == cosines.count)
    #expect(abs((choice.trial?.meanCosine ?? 0) - cosines.reduce(0, +) / Double(cosines.count)) < 1e-12)
  }

  @Test func `where nothing was tried, float32 is taken`() {
    let choice = PrecisionChoice(cosines: [])
    #expect(choice.precision == .float32 && choice.reason == .noPhotograph && choice.trial == nil)
  }

  @Test func `the order of the photographs changes no bit`() {
    let cosines = (1...8).map { 1 - 1e-7 / Double($0) }
    #expect(PrecisionChoice(cosines: cosines) == PrecisionChoice(cosines: cosines.reversed()))
  }

  @Test func `cosines of vectors`() {
    #expect(PrecisionComparison.cosine([1, 2], [2, 4]) == 1)
    #expect(PrecisionComparison.cosine([1, 0], [0, 3]) == 0)
    #expect(PrecisionComparison.cosine([1, 0], [-2, 0]) == -1)
    #expect(abs(PrecisionComparison.cosine([1, 0], [1, 1]) - 0.5.squareRoot()) < 1e-15)
    // Squares of these are beyond float32.
    #expect(PrecisionComparison.cosine([1e30, 0], [1e30, 0]) == 1)
    #expect(PrecisionComparison.cosine([0, 0], [0, 0]) == 1)
    #expect(PrecisionComparison.cosine([0, 0], [1, 0]) == 0)
    #expect(PrecisionComparison.cosine([.nan, 1], [1, 1]) == 0)
    #expect(PrecisionComparison.cosine([.infinity, 1], [.infinity, 1]) == 0)
  }
}
