extension Span<Float> {
  /// Σ xᵢ², in double precision.
  ///
  /// Eight sums side by side: one alone may not be reordered, so that each addition would wait for the one before.
  var sumOfSquares: Double {
    var sums = SIMD8<Double>()
    let whole = count - count % 8
    for start in stride(from: 0, to: whole, by: 8) {
      var values = SIMD8<Double>()
      for lane in 0..<8 { values[lane] = Double(self[start + lane]) }
      sums += values * values
    }
    var sum = sums.sum()
    for index in whole..<count { sum += Double(self[index]) * Double(self[index]) }
    return sum
  }
}
