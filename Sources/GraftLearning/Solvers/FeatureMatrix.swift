import GraftTensors

/// What a frozen network makes of photographs: one row of numbers for each.
public struct FeatureMatrix: Sendable {
  /// Rows after each other, `[count, width]`.
  public let values: [Float]
  /// The number of rows.
  public let count: Int
  /// The numbers in a row.
  public let width: Int

  /// - Parameters:
  ///   - values: rows after each other.
  ///   - width: the numbers in a row.
  /// - Precondition: `width` is at least 1, and `values` are whole rows.
  public init(_ values: [Float], width: Int) {
    precondition(width >= 1, "rows of \(width) features")
    precondition(values.count % width == 0, "\(values.count) numbers are no whole rows of \(width)")
    self.values = values
    self.width = width
    count = values.count / width
  }

  /// - Parameter tensor: `[N, …]`; what follows the first axis is one row.
  /// - Precondition: the tensor has at least one row and one number in it.
  public init(_ tensor: Tensor) {
    self.init(tensor.floats, width: tensor.shape.count / max(tensor.shape[0], 1))
  }

  /// One row.
  public subscript(row: Int) -> ArraySlice<Float> { values[row * width..<(row + 1) * width] }

  /// Nothing, or why no arithmetic can be done on these numbers.
  func check() throws(LinearSolverError) {
    if count == 0 { throw .noRows }
    // One pass without branches; what is wrong is looked for only where something is.
    if values.allSatisfy(\.isFinite) { return }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: place / width, column: place % width, value: values[place])
    }
  }
}
