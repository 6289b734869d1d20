import GraftGraph
import GraftTensors

extension UnitNormalization: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let layout = try MemoryDescriptor.channelsLast(inputs[0].shape)
    let input = try lowering.reorder(inputs[0], to: layout, layer: name)
    let output = try lowering.allocate(layout)
    let rows = DirectionRows(width: input.shape[1], factor: 1)
    lowering.emit(touching: [input, output]) { rows.directions(of: input.floats, into: output.floats) }

    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      let gradient = try lowering.reorder(gradient, to: layout, layer: name)
      let result = try lowering.allocate(layout)
      lowering.emit(touching: [input, gradient, result]) {
        rows.gradient(of: input.floats, from: gradient.floats, into: result.floats)
      }
      return [result]
    }
  }
}

/// Rows of numbers, of which only the directions count: `factor` · x / |x|.
struct DirectionRows {
  let width: Int
  let factor: Float

  typealias Numbers = UnsafeMutableBufferPointer<Float>

  func directions(of source: Numbers, into target: Numbers) {
    for start in stride(from: 0, to: source.count, by: width) {
      let inverse = factor / length(of: source, from: start)
      for index in start..<start + width { target[index] = source[index] * inverse }
    }
  }

  /// What lies along a row changes nothing, so of each gradient only what is at right angles to it goes on.
  func gradient(of source: Numbers, from gradient: Numbers, into target: Numbers) {
    for start in stride(from: 0, to: source.count, by: width) {
      let length = length(of: source, from: start)
      var along = 0.0
      for index in start..<start + width { along += Double(source[index]) * Double(gradient[index]) }
      // Below the least length the row is only multiplied.
      let share = length > UnitNormalization.leastLength ? Float(along / (Double(length) * Double(length))) : 0
      let inverse = factor / length
      for index in start..<start + width { target[index] = inverse * (gradient[index] - share * source[index]) }
    }
  }

  private func length(of source: Numbers, from start: Int) -> Float {
    var sum = 0.0
    for index in start..<start + width { sum += Double(source[index]) * Double(source[index]) }
    return max(Float(sum.squareRoot()), UnitNormalization.leastLength)
  }
}
