/// Features made ready for a solver: centred, perhaps standardised, in double precision, and on as few axes as their rows
/// span.
///
/// Centring changes no solution, because the bias takes it up; neither does turning the axes, because the penalty is the
/// same in all directions. Both are undone in the layer that comes out.
struct LinearDesign: Sendable {
  /// `[rows, columns]`.
  let values: [Double]
  let rows: Int
  let columns: Int
  private let means: [Double]
  private let scales: [Double]
  /// What the columns are in terms of the features, `[columns, width]`; nil where they are the features.
  private let basis: [Double]?

  /// - Parameters:
  ///   - features: as many rows as `order` has numbers.
  ///   - order: which row of the features comes first, second, …
  ///   - weights: how much each row of `features` counts for means and deviations; not all zero.
  ///   - standardizes: divides by each feature's standard deviation, where that is not zero.
  init(_ features: FeatureMatrix, order: [Int], weights: [Double], standardizes: Bool) {
    let (rows, width) = (features.count, features.width)
    let moments = ChannelMoments(of: features, weights: weights)
    let means = moments.means
    let scales = standardizes ? moments.scales : [Double](repeating: 1, count: width)
    var values = [Double](repeating: 0, count: rows * width)
    features.values.withUnsafeBufferPointer { source in
      values.withUnsafeMutableBufferPointer { target in
        for (place, row) in order.enumerated() {
          for column in 0..<width {
            target[place * width + column] = (Double(source[row * width + column]) - means[column]) / scales[column]
          }
        }
      }
    }
    (self.rows, self.means, self.scales) = (rows, means, scales)
    // The factorisation costs as much as some dozens of passes over the features.
    if rows * 3 < width * 2 {
      (self.values, basis) = LinearAlgebra.rowBasis(of: values, rows: rows, columns: width)
      columns = rows
    } else {
      self.values = values
      basis = nil
      columns = width
    }
  }

  /// The layer on the features as they came.
  ///
  /// - Parameters:
  ///   - weights: `[outputs, columns]`.
  ///   - bias: one for each output.
  func layer(weights: [Double], bias: [Double]) -> LinearLayer {
    let (outputs, width) = (bias.count, means.count)
    var kernel = weights
    if let basis {
      kernel = [Double](repeating: 0, count: outputs * width)
      LinearAlgebra.multiply(
        weights, .asIs, basis, .asIs, into: &kernel, rows: outputs, columns: width, inner: columns)
    }
    var bias = bias
    for output in 0..<outputs {
      for column in 0..<width {
        kernel[output * width + column] /= scales[column]
        bias[output] -= kernel[output * width + column] * means[column]
      }
    }
    return LinearLayer(kernel: kernel.map { Float($0) }, bias: bias.map { Float($0) }, width: width)
  }
}
