import CDNNL
import GraftGraph
import GraftTensors

extension Concatenate: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let axis = axis + 1
    // One type for all, the smaller one.
    let isMixed = Set(inputs.map(\.descriptor.type)).count > 1
    let inputs = try inputs.map {
      isMixed && $0.descriptor.type == .float32
        ? try lowering.reorder($0, to: .channelsLast($0.shape, .bfloat16), layer: name) : $0
    }
    let forward = try PrimitiveDescriptor("a concatenation", layer: name) { out, engine in
      graft_concat(&out, engine, Int32(axis), Int32(inputs.count), inputs.map { $0.descriptor.handle })
    }
    let output = try lowering.allocate(forward.chosen(dnnl_query_dst_md, shape: node.shape))
    let sources = inputs.enumerated().map { (DNNL_ARG_MULTIPLE_SRC + Int32($0.offset), $0.element) }
    try lowering.emit(forward, sources + [(DNNL_ARG_DST, output)])

    return LoweredNode(output: output) { gradient in
      var begin = 0
      return try zip(inputs, node.inputsNeedGradient).map { input, isNeeded in
        defer { begin += input.shape[axis] }
        guard isNeeded else { return nil }
        var offsets = [Int](repeating: 0, count: input.shape.rank)
        offsets[axis] = begin
        return try lowering.region(of: gradient, at: offsets, like: input.descriptor, layer: name)
      }
    }
  }
}
