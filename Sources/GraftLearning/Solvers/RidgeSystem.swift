/// The equations of a ridge regression, set up once for any α.
///
/// Rows are centred and multiplied by the root of their weight. With X as many rows as there are examples the weights are
/// `(XᵀX + α)⁻¹ Xᵀy`, or, with fewer rows than features, `Xᵀ (XXᵀ + α)⁻¹ y`, which is the same.
struct RidgeSystem {
  private let design: [Double]
  private let values: [Double]
  private let rows: Int
  private let width: Int
  private let outputs: Int
  private let means: [Double]
  private let valueMeans: [Double]
  private let scales: [Double]
  private let gram: [Double]
  private var isDual: Bool { rows < width }

  /// - Parameter weights: one a row, not all zero.
  init(_ features: FeatureMatrix, values: [Float], outputs: Int, weights: [Double], standardizes: Bool) {
    self.init(
      features, values: values, outputs: outputs, weights: weights,
      scales: standardizes ? ChannelMoments(of: features, weights: weights).scales : nil)
  }

  /// - Parameter scales: what features are divided by; nothing where nil.
  init(_ features: FeatureMatrix, values: [Float], outputs: Int, weights: [Double], scales: [Double]?) {
    let (rows, width) = (features.count, features.width)
    let means = ChannelMoments(of: features, weights: weights).means
    let valueMeans = ChannelMoments(of: values, width: outputs, weights: weights).means
    let scales = scales ?? [Double](repeating: 1, count: width)
    var design = [Double](repeating: 0, count: rows * width)
    var targets = [Double](repeating: 0, count: rows * outputs)
    for row in 0..<rows {
      let root = weights[row].squareRoot()
      for column in 0..<width {
        let index = row * width + column
        design[index] = root * (Double(features.values[index]) - means[column]) / scales[column]
      }
      for output in 0..<outputs {
        let index = row * outputs + output
        targets[index] = root * (Double(values[index]) - valueMeans[output])
      }
    }
    gram = LinearAlgebra.gram(of: design, rows: rows, columns: width, ofRows: rows < width)
    (self.design, self.values, self.means, self.valueMeans, self.scales) = (design, targets, means, valueMeans, scales)
    (self.rows, self.width, self.outputs) = (rows, width, outputs)
  }

  func layer(alpha: Double) throws(LinearSolverError) -> LinearLayer {
    let factor = try CholeskyFactor(gram, side: isDual ? rows : width, ridge: alpha)
    // Rows of right-hand sides: [outputs, rows] or [outputs, width].
    var kernel = [Double](repeating: 0, count: outputs * width)
    if isDual {
      var shares = [Double](repeating: 0, count: outputs * rows)
      for row in 0..<rows {
        for output in 0..<outputs { shares[output * rows + row] = values[row * outputs + output] }
      }
      factor.solve(&shares, count: outputs)
      LinearAlgebra.multiply(
        shares, .asIs, design, .asIs, into: &kernel, rows: outputs, columns: width, inner: rows)
    } else {
      LinearAlgebra.multiply(
        values, .transposed, design, .asIs, into: &kernel, rows: outputs, columns: width, inner: rows)
      factor.solve(&kernel, count: outputs)
    }
    var bias = valueMeans
    for output in 0..<outputs {
      for column in 0..<width {
        kernel[output * width + column] /= scales[column]
        bias[output] -= kernel[output * width + column] * means[column]
      }
    }
    return LinearLayer(kernel: kernel.map { Float($0) }, bias: bias.map { Float($0) }, width: width)
  }
}
