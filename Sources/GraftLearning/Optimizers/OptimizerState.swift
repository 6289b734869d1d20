extension [[Float]] {
  /// Takes out one of an optimizer's state arrays, to be put back after the step.
  ///
  /// Two elements of one array cannot be lent for writing at once, and a copy would cost more than the step.
  mutating func take(_ index: Int) -> [Float] {
    var taken: [Float] = []
    swap(&taken, &self[index])
    return taken
  }
}
