import Testing

@testable import DrawShapes

@Suite struct PlaneTests {
  @Test func `blurring spreads a point evenly and loses nothing of it`() {
    let point = Plane(size: 9) { $0 == 4 && $1 == 4 ? 1 : 0 }
    let blurred = point.blurred(reach: 1)
    // Two means of three along each axis: weights 1, 2, 3, 2, 1 of 9.
    for (row, column, weight) in [(4, 4, 9), (4, 5, 6), (5, 4, 6), (3, 3, 4), (4, 6, 3), (2, 2, 1), (4, 7, 0)] {
      #expect(abs(blurred[row, column] - Float(weight) / 81) < 1e-6, "\(row), \(column)")
    }
    #expect(abs(blurred.values.reduce(0, +) - 1) < 1e-5)
    #expect(point.blurred(reach: 0).values == point.values)
  }

  @Test func `beyond its edges a plane goes on as at them, so that what is even stays so`() {
    let even = Plane(size: 5) { _, _ in 0.25 }
    #expect(even[-3, 2] == 0.25 && even[2, 9] == 0.25)
    #expect(even.blurred(reach: 3).values.allSatisfy { abs($0 - 0.25) < 1e-5 })
  }
}
