import CDNNL
import GraftGraph
import GraftTensors

extension PReLU: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    guard let alpha = node.parameters[.alpha] else {
      throw EngineError.unsupportedLayer(name: name, kind: Self.kind)
    }
    alpha.addOutermost()
    let input = try lowering.inFloat32(inputs[0], layer: name)
    let layout = input.descriptor
    let weights = try MemoryDescriptor.rowMajor(alpha.shape)
    let forward = try PrimitiveDescriptor("a PReLU", layer: name) {
      graft_prelu_forward(&$0, $1, lowering.propagation, layout.handle, weights.handle)
    }
    let output = try lowering.allocate(layout)
    let slopes = try alpha.memory(as: weights, in: lowering)
    try lowering.emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_WEIGHTS, slopes), (DNNL_ARG_DST, output)])

    return LoweredNode(output: output) { gradient in
      guard node.trains || node.inputNeedsGradient else { return [nil] }
      let gradient = try lowering.reorder(gradient, to: layout, layer: name)
      let backward = try PrimitiveDescriptor("a PReLU's gradient", layer: name) {
        graft_prelu_backward(
          &$0, $1, layout.handle, weights.handle, layout.handle, weights.handle, forward.handle)
      }
      let result = try lowering.allocate(layout)
      let arguments = [
        (DNNL_ARG_SRC, input), (DNNL_ARG_WEIGHTS, slopes), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result),
      ]
      // The primitive makes both gradients at once, wanted or not.
      if node.trains {
        try alpha.receiveGradient(as: weights, in: lowering) {
          try lowering.emit(backward, arguments + [(DNNL_ARG_DIFF_WEIGHTS, $0)])
        }
      } else {
        try lowering.emit(backward, arguments + [(DNNL_ARG_DIFF_WEIGHTS, lowering.allocate(weights))])
      }
      return [node.inputNeedsGradient ? result : nil]
    }
  }
}
