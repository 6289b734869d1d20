/// A number for each pixel of a square picture, by rows.
struct Plane: Sendable {
  let size: Int
  var values: [Float]

  init(size: Int, _ value: (_ row: Int, _ column: Int) -> Float) {
    self.size = size
    values = (0..<size * size).map { value($0 / size, $0 % size) }
  }

  /// The number at a pixel; beyond the edges that of the nearest.
  subscript(row: Int, column: Int) -> Float {
    values[min(max(row, 0), size - 1) * size + min(max(column, 0), size - 1)]
  }

  /// Every pixel the mean of those around it, the nearer ones counting more: two means over squares, one after the other.
  ///
  /// - Parameter reach: how far a square reaches beyond its middle, in pixels; 0 leaves all as it is.
  func blurred(reach: Int) -> Plane {
    guard reach > 0 else { return self }
    return (0..<4).reduce(self) { plane, _ in plane.columnMeans(reach: reach) }
  }

  /// Means along columns, with rows and columns exchanged, so that another pass goes along what were the rows.
  private func columnMeans(reach: Int) -> Plane {
    var means = [Float](repeating: 0, count: values.count)
    let share = 1 / Float(2 * reach + 1)
    for column in 0..<size {
      var sum = (-reach...reach).reduce(Float(0)) { $0 + self[$1, column] }
      for row in 0..<size {
        means[column * size + row] = sum * share
        sum += self[row + reach + 1, column] - self[row - reach, column]
      }
    }
    var plane = self
    plane.values = means
    return plane
  }
}
