import GraftImages
import GraftTensors

/// A batch's rows by where they come from: labelled images, and those of the target domain.
struct DomainRows {
  let labelled, targets: [Int]

  init(_ samples: [Sample]) {
    labelled = samples.indices.filter { !samples[$0].targets.isEmpty }
    targets = samples.indices.filter { samples[$0].targets.isEmpty }
  }

  /// Rows of `[n, width]`, in the order given.
  static func gathered(_ rows: [Int], of tensor: Tensor) -> Tensor {
    let (width, numbers) = (tensor.shape[1], tensor.floats)
    return Tensor(rows.flatMap { numbers[$0 * width..<($0 + 1) * width] }, shape: [rows.count, width])
  }

  /// A gradient of all rows out of those of both kinds: that of the labelled ones' own loss, and `weight` times the others.
  func gradient(_ own: Tensor, weight: Double, _ source: Tensor, _ target: Tensor, count: Int) -> Tensor {
    let width = own.shape[1]
    var gradient = [Float](repeating: 0, count: count * width)
    let (own, source, target) = (own.floats, source.floats, target.floats)
    for (place, row) in labelled.enumerated() {
      for column in 0..<width {
        let index = place * width + column
        gradient[row * width + column] = own[index] + Float(weight * Double(source[index]))
      }
    }
    for (place, row) in targets.enumerated() {
      for column in 0..<width {
        gradient[row * width + column] = Float(weight * Double(target[place * width + column]))
      }
    }
    return Tensor(gradient, shape: [count, width])
  }
}
