import CDNNL
import GraftGraph
import GraftTensors

extension LocalResponseNormalization: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    let layout = input.descriptor
    let forward = try PrimitiveDescriptor("a local response normalisation", layer: name) {
      graft_lrn_forward(&$0, $1, lowering.propagation, layout.handle, Int32(size), alpha, beta, bias)
    }
    let output = try lowering.allocate(layout)
    let workspace = try forward.workspace.map { try lowering.allocate($0) }
    let noted = workspace.map { [(DNNL_ARG_WORKSPACE, $0)] } ?? []
    try lowering.emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)] + noted)

    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      let gradient = try lowering.reorder(gradient, to: layout, layer: name)
      let backward = try PrimitiveDescriptor("a local response normalisation's gradient", layer: name) {
        graft_lrn_backward(
          &$0, $1, layout.handle, layout.handle, Int32(size), alpha, beta, bias, forward.handle)
      }
      let result = try lowering.allocate(layout)
      try lowering.emit(
        backward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)] + noted)
      return [result]
    }
  }
}
