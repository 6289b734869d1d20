import Foundation
import GraftLearning
import Testing

@Suite struct LBFGSTests {
  /// Rosenbrock's valley, in pairs; its minimum is 0 where all are 1.
  private func valley(_ x: [Double], _ gradient: inout [Double]) -> Double {
    var value = 0.0
    for pair in stride(from: 0, to: x.count, by: 2) {
      let (a, b) = (1 - x[pair], x[pair + 1] - x[pair] * x[pair])
      value += a * a + 100 * b * b
      gradient[pair] = -2 * a - 400 * x[pair] * b
      gradient[pair + 1] = 200 * b
    }
    return value
  }

  @Test func `finds the end of Rosenbrock's valley`() throws {
    let minimum = try LBFGS().minimize(from: [-1.2, 1, -1.2, 1, 3, -4], valley)
    #expect(minimum.ending == .gradient)
    #expect(minimum.point.allSatisfy { abs($0 - 1) < 1e-8 })
    #expect(minimum.iterations < 100)
  }

  @Test func `a preconditioner that is the inverse Hessian needs one step`() throws {
    let scales = [1e-6, 1, 1e6]
    let minimum = try LBFGS().minimize(
      from: [5, 5, 5], preconditioner: { for index in 0..<3 { $0[index] /= scales[index] } },
      { point, gradient in
        var value = 0.0
        for index in 0..<3 {
          let distance = point[index] - 2
          gradient[index] = scales[index] * distance
          value += scales[index] * distance * distance / 2
        }
        return value
      })
    #expect(minimum.iterations == 1)
    #expect(minimum.point.allSatisfy { abs($0 - 2) < 1e-9 })
  }

  @Test func `comes back from where the function is no number`() throws {
    // x − log x has its minimum at 1 and nothing at or below 0.
    var minimizer = LBFGS()
    minimizer.gradientTolerance = 1e-10
    let minimum = try minimizer.minimize(from: [0.01]) { point, gradient in
      gradient[0] = 1 - 1 / point[0]
      return point[0] > 0 ? point[0] - log(point[0]) : .nan
    }
    #expect(abs(minimum.point[0] - 1) < 1e-9)
  }

  @Test func `a function that is no number anywhere ends at once`() throws {
    let minimum = try LBFGS().minimize(from: [1]) { _, gradient in
      gradient[0] = .nan
      return .nan
    }
    #expect(minimum.iterations == 0 && minimum.point == [1])
  }

  @Test func `ends where there are no more digits, and says so`() throws {
    var minimizer = LBFGS()
    minimizer.gradientTolerance = 1e-300
    let minimum = try minimizer.minimize(from: [0.3, 7]) { point, gradient in
      let (a, b) = (point[0] - 0.1, point[1] - 0.7)
      gradient = [2 * a, 2e4 * b]
      return 1 + a * a + 1e4 * b * b
    }
    #expect(minimum.ending != .iterations)
    #expect(abs(minimum.point[0] - 0.1) < 1e-9 && abs(minimum.point[1] - 0.7) < 1e-9)
  }
}
