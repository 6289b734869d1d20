import CDNNL
import GraftGraph
import GraftTensors

extension Dropout: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    guard lowering.mode == .training, node.isActiveStochastic else {
      return LoweredNode(output: input) { [$0] }
    }
    let layout = input.descriptor
    let mask = try Memory(layout)
    let masking = try PrimitiveDescriptor("a dropout", layer: name) {
      graft_binary(&$0, $1, dnnl_binary_mul, layout.handle, layout.handle, layout.handle)
    }
    var generator = SeededGenerator(seed: lowering.seed, stream: name.streamNumber)
    let kept = 1 / (1 - rate)
    lowering.emit {
      for index in mask.floats.indices {
        mask.floats[index] = generator.nextUniform() < rate ? 0 : kept
      }
    }
    let output = try lowering.allocate(layout)
    try lowering.emit(masking, [(DNNL_ARG_SRC_0, input), (DNNL_ARG_SRC_1, mask), (DNNL_ARG_DST, output)])

    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      let gradient = try lowering.reorder(gradient, to: layout, layer: name)
      let result = try lowering.allocate(layout)
      try lowering.emit(masking, [(DNNL_ARG_SRC_0, gradient), (DNNL_ARG_SRC_1, mask), (DNNL_ARG_DST, result)])
      return [result]
    }
  }
}

extension String {
  /// A number of its own for each name, the same in every process.
  fileprivate var streamNumber: UInt64 {
    utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
  }
}
