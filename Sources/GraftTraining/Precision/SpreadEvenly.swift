extension Collection where Index == Int {
  /// All indices of a collection that begins at 0, in an order whose every beginning is spread evenly over it, and which
  /// depends on nothing but the count: van der Corput's sequence, 0, 1/2, 1/4, 3/4, 1/8, ….
  var spreadEvenly: [Int] {
    let bits = count > 1 ? Int.bitWidth - (count - 1).leadingZeroBitCount : 0
    var isTaken = [Bool](repeating: false, count: count)
    return (0..<(1 << bits)).compactMap { number in
      guard count > 0 else { return nil }
      var reversed = 0
      for bit in 0..<bits where (number >> bit) & 1 == 1 { reversed |= 1 << (bits - 1 - bit) }
      // More numbers than places: some places come twice, and none is left out.
      let index = (reversed * count) >> bits
      guard !isTaken[index] else { return nil }
      isTaken[index] = true
      return index
    }
  }
}
