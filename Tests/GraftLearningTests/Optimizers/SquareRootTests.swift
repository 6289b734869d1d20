import GraftTensors
import Testing

@testable import GraftLearning

@Suite struct SquareRootTests {
  @Test func `the root is right to two units in the last place over all normal magnitudes`() {
    var generator = SeededGenerator(seed: 7)
    for exponent in -126..<128 {
      for _ in 0..<200 {
        let number = Float(sign: .plus, exponent: exponent, significand: 1 + generator.nextUniform())
        let exact = number.squareRoot()
        #expect(abs(number.vectorizableSquareRoot - exact) <= 2 * exact.ulp)
      }
    }
  }

  @Test func `the root of zero is zero, that of NaN is NaN, and one over that of infinity is zero`() {
    #expect(Float(0).vectorizableSquareRoot == 0)
    #expect(Float.nan.vectorizableSquareRoot.isNaN)
    #expect(1 / Float.infinity.vectorizableSquareRoot == 0)
  }

  @Test func `below the normal numbers the root is too small but never negative`() {
    for number: Float in [0x1p-149, 0x1p-140, 0x1p-127] {
      #expect((0...number.squareRoot()).contains(number.vectorizableSquareRoot))
    }
  }
}
