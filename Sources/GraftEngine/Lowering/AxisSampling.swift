import GraftTensors

/// What mirrors, repeats, skips or interpolates along one axis: each element of the output is one element of the input, or
/// lies between two.
struct AxisSampling {
  /// Of a batch: 0 is the images.
  let axis: Int
  /// For each element of the output, the two that it lies between.
  let lower, upper: [Int]
  /// How far it lies from the lower one towards the upper one, 0 … 1.
  let fractions: [Float]

  init(axis: Int, lower: [Int], upper: [Int], fractions: [Float]) {
    self.axis = axis
    self.lower = lower
    self.upper = upper
    self.fractions = fractions
  }

  /// For each element of the output, which one of the input it is.
  init(axis: Int, elements: [Int]) {
    self.init(axis: axis, lower: elements, upper: elements, fractions: [Float](repeating: 0, count: elements.count))
  }
}

extension Lowering {
  /// The samplings one after another. Each is a step of the host's: oneDNN knows a few of these functions only, and what
  /// they cost is the memory that they read.
  func sample(_ input: Memory, by samplings: [AxisSampling], layer: String) throws -> LoweredNode {
    var steps: [LoweredNode] = []
    for sampling in samplings {
      steps.append(try sample(steps.last?.output ?? input, by: sampling, layer: layer))
    }
    return LoweredNode(output: steps.last?.output ?? input) { [steps] gradient in
      var gradient = gradient
      for step in steps.reversed() { gradient = try step.backward?(gradient).first.flatMap { $0 } ?? gradient }
      return [gradient]
    }
  }

  func sample(_ input: Memory, by sampling: AxisSampling, layer: String) throws -> LoweredNode {
    let (axis, count) = (sampling.axis, sampling.lower.count)
    let layout = try MemoryDescriptor.channelsLast(input.shape)
    let source = try reorder(input, to: layout, layer: layer)
    var shape = input.shape
    shape[axis] = count
    let output = try allocate(.channelsLast(shape))
    let rows = AxisRows(of: input.shape, along: axis)
    emit(touching: [source, output]) { rows.sample(source.floats, to: output.floats, by: sampling) }
    return LoweredNode(output: output) { gradient in
      let gradient = try self.reorder(gradient, to: output.descriptor, layer: layer)
      let result = try self.allocate(layout)
      self.emit(touching: [gradient, result]) { rows.gather(gradient.floats, into: result.floats, by: sampling) }
      return [result]
    }
  }
}

/// An axis of a tensor that lies channels last: so many blocks, in each the axis's elements as rows of numbers.
private struct AxisRows {
  let blocks, count, length: Int

  init(of shape: Shape, along axis: Int) {
    let order = [0] + (2..<max(shape.rank, 2)) + (shape.rank > 1 ? [1] : [])
    let place = order.firstIndex(of: axis) ?? 0
    blocks = order[..<place].map { shape[$0] }.reduce(1, *)
    count = shape[axis]
    length = order[(place + 1)...].map { shape[$0] }.reduce(1, *)
  }

  func sample(
    _ source: UnsafeMutableBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>, by sampling: AxisSampling
  ) {
    for block in 0..<blocks {
      for (position, fraction) in sampling.fractions.enumerated() {
        let row = (block * sampling.fractions.count + position) * length
        let lower = (block * count + sampling.lower[position]) * length
        let upper = (block * count + sampling.upper[position]) * length
        if fraction == 0 {
          for index in 0..<length { target[row + index] = source[lower + index] }
        } else {
          for index in 0..<length {
            target[row + index] = source[lower + index] * (1 - fraction) + source[upper + index] * fraction
          }
        }
      }
    }
  }

  /// The way back: each number's gradient goes to the two that it lies between.
  func gather(
    _ gradient: UnsafeMutableBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>,
    by sampling: AxisSampling
  ) {
    target.update(repeating: 0)
    for block in 0..<blocks {
      for (position, fraction) in sampling.fractions.enumerated() {
        let row = (block * sampling.fractions.count + position) * length
        let lower = (block * count + sampling.lower[position]) * length
        for index in 0..<length { target[lower + index] += gradient[row + index] * (1 - fraction) }
        guard fraction != 0 else { continue }
        let upper = (block * count + sampling.upper[position]) * length
        for index in 0..<length { target[upper + index] += gradient[row + index] * fraction }
      }
    }
  }
}
