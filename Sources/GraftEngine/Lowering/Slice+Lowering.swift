import GraftGraph
import GraftTensors

extension Slice: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    guard step == 1 else {
      // oneDNN has no name for a layout whose last step ends beyond the axis.
      let sampling = AxisSampling(axis: axis + 1, elements: Array(stride(from: begin, to: end, by: step)))
      return try lowering.sample(input, by: sampling, layer: name).ifNeeded(by: node)
    }
    var offsets = [Int](repeating: 0, count: input.shape.rank)
    offsets[axis + 1] = begin
    let output = try lowering.region(
      of: input, at: offsets, like: .channelsLast(node.shape, input.descriptor.type), layer: name)
    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      return [try lowering.padding(gradient, to: input.shape, at: offsets, layer: name).output]
    }
  }
}
