import Foundation

/// A logistic regression as a function to minimise: the mean loss of some rows plus the penalty on the weights.
///
/// A point is the weights `[outputs, columns]`, and after them one bias for each output.
struct LogisticProblem: Sendable {
  /// What makes probabilities of outputs.
  enum Link: Sendable {
    /// Exactly one output is true.
    case softmax
    /// Each output is true or not, whatever the others are. One output alone is a choice between two classes.
    case sigmoid
  }

  let design: LinearDesign
  let link: Link
  let outputs: Int
  /// 1 where an output is true, `[rows, outputs]`.
  let truth: [Double]
  /// How much each of them counts, `[rows, outputs]`; with softmax the same along a row.
  let weights: [Double]

  var parameterCount: Int { outputs * (design.columns + 1) }

  /// What all of these rows count together; a row of a softmax counts once.
  func totalWeight(of ranges: [Range<Int>]) -> Double {
    let sum = ranges.reduce(0.0) { sum, range in
      weights[range.lowerBound * outputs..<range.upperBound * outputs].reduce(sum, +)
    }
    return link == .softmax ? sum / Double(outputs) : sum
  }

  /// `[range.count, outputs]`.
  func logits(at point: [Double], range: Range<Int>) -> [Double] {
    let (columns, bias) = (design.columns, point[(outputs * design.columns)...])
    var logits = [Double]()
    logits.reserveCapacity(range.count * outputs)
    for _ in range { logits += bias }
    design.values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress, !range.isEmpty else { return }
      LinearAlgebra.multiply(
        values + range.lowerBound * columns, .asIs, point, .transposed, add: 1, into: &logits, rows: range.count,
        columns: outputs, inner: columns)
    }
    return logits
  }

  /// The sum of the losses of a range, each times its weight. Turns the logits into the residuals `weight · (p − truth)`.
  ///
  /// - Parameter curvature: receives the sum of `weight · p (1 − p)`.
  func losses(of logits: inout [Double], range: Range<Int>, curvature: inout Double) -> Double {
    var (loss, curved) = (0.0, 0.0)
    let first = range.lowerBound * outputs
    truth.withUnsafeBufferPointer { truth in
      weights.withUnsafeBufferPointer { weights in
        logits.withUnsafeMutableBufferPointer { logits in
          for row in 0..<range.count {
            let start = row * outputs
            // The largest logit's own term is 1 and left to log1p, so that a loss near zero keeps its digits.
            var (best, others) = (start, 0.0)
            if link == .softmax {
              for index in start..<start + outputs where logits[index] > logits[best] { best = index }
              for index in start..<start + outputs where index != best { others += exp(logits[index] - logits[best]) }
            }
            let (maximum, logarithm) = (logits[best], log1p(others))
            for index in start..<start + outputs {
              let (logit, right, weight) = (logits[index], truth[first + index], weights[first + index])
              let probability: Double
              if link == .softmax {
                probability = exp(logit - maximum) / (1 + others)
                loss += weight * right * (maximum - logit + logarithm)
              } else {
                let small = exp(-logit.magnitude)
                probability = logit >= 0 ? 1 / (1 + small) : small / (1 + small)
                // log(1 + e^x) − truth · x
                loss += weight * (max(logit, 0) + log1p(small) - right * logit)
              }
              curved += weight * probability * (1 - probability)
              logits[index] = weight * (probability - right)
            }
          }
        }
      }
    }
    curvature += curved
    return loss
  }

  /// The function's value and gradient.
  ///
  /// - Parameters:
  ///   - ranges: the rows that count.
  ///   - penalty: times half the sum of the squared weights.
  ///   - total: what losses are divided by.
  ///   - curvature: receives the mean of `p (1 − p)`.
  func evaluate(
    at point: [Double], ranges: [Range<Int>], penalty: Double, total: Double, gradient: inout [Double],
    curvature: inout Double
  ) -> Double {
    let columns = design.columns
    let kernelCount = outputs * columns
    var (value, squares) = (0.0, 0.0)
    curvature = 0
    for range in ranges where !range.isEmpty {
      var residuals = logits(at: point, range: range)
      value += losses(of: &residuals, range: range, curvature: &curvature)
      design.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        LinearAlgebra.multiply(
          residuals, .transposed, values + range.lowerBound * columns, .asIs, scale: 1 / total, add: 1,
          into: &gradient, rows: outputs, columns: columns, inner: range.count)
      }
      for (index, residual) in residuals.enumerated() { gradient[kernelCount + index % outputs] += residual / total }
    }
    for index in 0..<kernelCount {
      squares += point[index] * point[index]
      gradient[index] += penalty * point[index]
    }
    curvature /= total * Double(outputs)
    return value / total + penalty / 2 * squares
  }
}
