import GraftTensors

/// What the losses on values share: a function of the difference, and the mean over an image's values.
enum Regression {
  /// - Parameter penalty: the loss of one difference, output less target, and its slope.
  static func evaluate(
    outputs: Tensor, targets: Targets, weights: [Float]?, loss: StaticString,
    penalty: (Double) -> (loss: Double, slope: Double)
  ) -> LossEvaluation {
    precondition(targets.kind == .values, "\(loss) is for values, not for \(targets.kind)")
    let rows = LossRows(outputs: outputs, count: targets.count, weights: weights)
    let (width, truths) = (rows.width, targets.rows(width: rows.width))
    return rows.evaluate { row, outputs, result in
      for (column, output) in outputs.enumerated() {
        let (loss, slope) = penalty(Double(output) - Double(truths[row * width + column]))
        result.loss += loss / Double(width)
        result.gradient[column] = slope / Double(width)
      }
    }
  }

  /// −1, 0 or 1; NaN for NaN.
  static func sign(_ number: Double) -> Double { number > 0 ? 1 : number < 0 ? -1 : number }
}
