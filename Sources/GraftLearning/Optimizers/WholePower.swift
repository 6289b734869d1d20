extension Double {
  /// This number to a whole power that is not negative, by squaring: plain arithmetic, the same bits on every system.
  func power(_ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
