extension Float {
  /// The square root of a number that is not negative, to within 2 units in the last place.
  ///
  /// The standard library's `squareRoot()` is C's `sqrtf` on Linux, which may set `errno`; that keeps the compiler from
  /// vectorising any loop around it: Adam takes more than twice as long. This is plain arithmetic, Newton's
  /// iteration for 1/√x from the well-known first guess in the exponent's bits, whose error of 3.4 % shrinks below
  /// rounding in three steps.
  ///
  /// Below the smallest normal number, 1.2e-38, the root comes out too small (0 for 0). Infinity gives an infinity of
  /// the wrong sign; what is divided by it is 0 all the same.
  var vectorizableSquareRoot: Float {
    let half = 0.5 * self
    var inverse = Float(bitPattern: 0x5f37_59df &- (bitPattern >> 1))
    inverse *= 1.5 - half * inverse * inverse
    inverse *= 1.5 - half * inverse * inverse
    inverse *= 1.5 - half * inverse * inverse
    return self * inverse
  }
}
