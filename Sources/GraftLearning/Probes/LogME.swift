import Foundation

/// How well a linear model with a Gaussian prior explains labels by features: the logarithm of the maximum evidence, per sample.
///
/// You, Liu, Wang and Long, "LogME: Practical Assessment of Pre-trained Models for Transfer Learning" (ICML 2021). Higher is better; it compares
/// features of the same samples, and says nothing by itself. Needs no cross-validation, because evidence punishes what
/// could explain anything.
public enum LogME {
  /// The mean over the classes, each as a column of ones and zeros.
  ///
  /// - Parameters:
  ///   - features: one row a sample.
  ///   - labels: each sample's class, in `0 ..< classes`.
  /// - Throws: `LinearSolverError`.
  public static func score(_ features: FeatureMatrix, labels: [Int], classes: Int) throws(LinearSolverError) -> Double {
    if labels.count != features.count {
      throw .wrongCount(what: "labels", found: labels.count, expected: features.count)
    }
    if let row = labels.firstIndex(where: { !(0..<classes ~= $0) }) {
      throw .labelOutOfRange(row: row, label: labels[row], classes: classes)
    }
    let targets = labels.flatMap { label in (0..<classes).map { $0 == label ? 1.0 : 0.0 } }
    return try score(features, targets: targets, columns: classes)
  }

  /// The mean over the values.
  ///
  /// - Parameter values: `[features.count, columns]`.
  /// - Throws: `LinearSolverError`.
  public static func score(
    _ features: FeatureMatrix, values: [Float], columns: Int
  ) throws(LinearSolverError) -> Double {
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw .badTarget(row: bad / max(columns, 1), value: Double(values[bad]))
    }
    return try score(features, targets: values.map { Double($0) }, columns: columns)
  }

  private static func score(
    _ features: FeatureMatrix, targets: [Double], columns: Int
  ) throws(LinearSolverError) -> Double {
    try features.check()
    let (rows, width) = (features.count, features.width)
    guard columns > 0, targets.count == rows * columns else {
      throw .wrongCount(what: "rows of values", found: targets.count / max(columns, 1), expected: rows)
    }
    let values = features.values.map { Double($0) }
    let isDual = rows < width
    let side = min(rows, width)
    let gram = LinearAlgebra.gram(of: values, rows: rows, columns: width, ofRows: isDual)
    let (eigenvalues, vectors) = try LinearAlgebra.eigen(ofSymmetric: gram, side: side)
    // The targets' share along each left singular vector, squared: [side, columns].
    var projected = [Double](repeating: 0, count: side * columns)
    if isDual {
      LinearAlgebra.multiply(
        vectors, .asIs, targets, .asIs, into: &projected, rows: side, columns: columns, inner: rows)
    } else {
      var moments = [Double](repeating: 0, count: width * columns)
      LinearAlgebra.multiply(
        values, .transposed, targets, .asIs, into: &moments, rows: width, columns: columns, inner: rows)
      LinearAlgebra.multiply(
        vectors, .asIs, moments, .asIs, into: &projected, rows: side, columns: columns, inner: width)
    }
    // What is smaller than rounding is no direction of the features.
    let threshold = (eigenvalues.last ?? 0) * 1e-12 * Double(max(rows, width))
    var sum = 0.0
    for column in 0..<columns {
      let length = (0..<rows).reduce(0.0) { $0 + targets[$1 * columns + column] * targets[$1 * columns + column] }
      let shares = (0..<side).filter { eigenvalues[$0] > threshold }.map { index in
        let value = projected[index * columns + column]
        return (eigenvalue: eigenvalues[index], square: value * value / (isDual ? 1 : eigenvalues[index]))
      }
      sum += evidence(shares, length: length, rows: Double(rows), width: Double(width))
    }
    return sum / Double(columns)
  }

  /// Finds the prior's precision α and the noise's β at which the evidence is largest (the paper's algorithm 1), and returns its logarithm
  /// over the number of samples.
  private static func evidence(
    _ shares: [(eigenvalue: Double, square: Double)], length: Double, rows: Double, width: Double
  ) -> Double {
    let unexplained = max(length - shares.reduce(0) { $0 + $1.square }, 0)
    /// The number of effective weights, their squared length, and the squared error.
    func solution(_ ratio: Double) -> (effective: Double, weights: Double, residual: Double) {
      shares.reduce((0, 0, unexplained)) { sums, share in
        let sum = ratio + share.eigenvalue
        return (
          sums.0 + share.eigenvalue / sum, sums.1 + share.eigenvalue * share.square / (sum * sum),
          sums.2 + share.square * (ratio / sum) * (ratio / sum)
        )
      }
    }
    var (alpha, beta) = (1.0, 1.0)
    for _ in 0..<100 {
      let ratio = alpha / beta
      let (effective, weights, residual) = solution(ratio)
      // What is added keeps a label that is explained perfectly, or not at all, from a division by zero.
      alpha = effective / (weights + 1e-5)
      beta = (rows - effective) / (residual + 1e-5)
      // Without any direction, or with one for each sample, nothing is left to weigh.
      if alpha <= 0 { alpha = 1e-10 }
      if beta <= 0 { beta = 1e-10 }
      if ((alpha / beta - ratio) / ratio).magnitude <= 1e-6 { break }
    }
    let (_, weights, residual) = solution(alpha / beta)
    let determinant =
      shares.reduce(0) { $0 + log(alpha + beta * $1.eigenvalue) }
      + (width - Double(shares.count)) * log(alpha)
    let logarithm =
      width / 2 * log(alpha) + rows / 2 * log(beta) - determinant / 2 - beta / 2 * residual - alpha / 2 * weights
      - rows / 2 * log(2 * .pi)
    return logarithm / rows
  }
}
