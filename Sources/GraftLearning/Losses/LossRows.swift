import GraftTensors

/// A batch as losses see it: row by row, in double precision.
struct LossRows {
  /// One row's loss, what it weighs in the mean (1, or its class's weight), and the loss's gradient.
  struct Row {
    var loss = 0.0
    var weight = 1.0
    var gradient: [Double]
  }

  let outputs: Tensor
  let count: Int
  let weights: [Float]?

  /// - Precondition: outputs are a matrix with a row for each target, and weights, where there are any, one a target.
  init(outputs: Tensor, count: Int, weights: [Float]?) {
    precondition(outputs.shape.rank == 2, "outputs of the shape \(outputs.shape) where [N, width] is expected")
    precondition(count <= outputs.shape[0], "\(count) targets for \(outputs.shape[0]) rows of outputs")
    precondition(weights.map { $0.count == count } ?? true, "\(weights?.count ?? 0) weights for \(count) images")
    precondition(weights?.allSatisfy { $0 >= 0 } ?? true, "an image's weight is below zero, or no number")
    self.outputs = outputs
    self.count = count
    self.weights = weights
  }

  var width: Int { outputs.shape[1] }

  /// The mean by weights, and its gradient.
  ///
  /// - Parameter evaluate: is given the number of a row and its outputs, and fills in a row of zeros.
  func evaluate(_ evaluate: (_ row: Int, _ outputs: ArraySlice<Float>, _ result: inout Row) -> Void) -> LossEvaluation {
    let numbers = outputs.floats
    var rows: [Row] = []
    rows.reserveCapacity(count)
    var (sum, total) = (0.0, 0.0)
    for row in 0..<count {
      var result = Row(gradient: [Double](repeating: 0, count: width))
      evaluate(row, numbers[row * width..<(row + 1) * width], &result)
      let weight = weight(of: row)
      // What does not count must not spoil the sum: zero times NaN is NaN.
      if weight > 0 { sum += weight * result.loss }
      total += weight * result.weight
      rows.append(result)
    }
    var gradient = [Float](repeating: 0, count: numbers.count)
    for (row, result) in rows.enumerated() {
      let weight = weight(of: row)
      guard weight > 0, total > 0 else { continue }
      for column in 0..<width {
        gradient[row * width + column] = Float(result.gradient[column] * weight / total)
      }
    }
    return LossEvaluation(
      losses: rows.map { Float($0.loss) }, gradient: Tensor(gradient, shape: outputs.shape), sum: sum,
      totalWeight: total)
  }

  private func weight(of row: Int) -> Double { weights.map { Double($0[row]) } ?? 1 }
}
