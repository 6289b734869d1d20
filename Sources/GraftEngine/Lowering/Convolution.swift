import CDNNL
import GraftGraph
import GraftTensors

/// A convolution with all that it takes to lower it; the layers of this kind differ only in their groups and kernels.
@EngineActor
struct Convolution {
  let layer: String
  let window: Window2D
  let groups: Int
  let kernel: ParameterSlot
  let bias: ParameterSlot?
  let activation: Activation.Function

  /// - Parameters:
  ///   - residual: what is added to the convolution before the activation.
  ///   - inputNeedsGradient: which is not the node's, where another convolution precedes in the same layer.
  ///   - keepsFloat32: whether the output is float32 in any precision.
  func lower(
    _ input: Memory, to shape: Shape, residual: Memory? = nil, inputNeedsGradient: Bool, keepsFloat32: Bool,
    _ node: LoweringNode, into lowering: Lowering
  ) throws -> LoweredNode {
    kernel.splitOutermost(into: groups)
    let form = try ConvolutionForm(
      layer: layer, window: window.onDNNL(over: input.shape), kernel: kernel.shape,
      bias: bias.map { try MemoryDescriptor.rowMajor($0.shape) }, input: input.shape, output: shape)
    let (forward, type) = try form.forward(
      input, activation, addsDestination: residual != nil, keepsFloat32: keepsFloat32,
      allowsWinograd: lowering.allowsWinograd && !kernel.isShared, isFollowedAlike: node.precedesWindowsOf3,
      in: lowering)
    let images = try lowering.reorder(
      input, to: forward.chosen(dnnl_query_src_md, shape: input.shape), layer: layer)
    let destination = try forward.chosen(dnnl_query_dst_md, shape: shape)
    let output =
      try residual.map {
        try lowering.overwritable(
          $0, as: destination, mayOverwrite: node.mayOverwrite.last ?? false, layer: layer)
      } ?? lowering.allocate(destination)
    let gradients = try ConvolutionGradients(
      form, type: type, kernel: kernel, bias: bias, forward: forward, input: images)
    var arguments = try [
      (DNNL_ARG_SRC, images), (DNNL_ARG_DST, output),
      (
        DNNL_ARG_WEIGHTS,
        kernel.memory(
          as: forward.chosen(dnnl_query_weights_md, shape: kernel.shape),
          master: gradients.kernelLayout(), in: lowering)
      ),
    ]
    if let bias, let layout = form.bias {
      arguments.append((DNNL_ARG_BIAS, try bias.memory(as: layout, in: lowering)))
    }
    try lowering.emit(forward, arguments)

    return try activation.completing(output: output, layer: node.name, in: lowering) { gradient in
      try gradients.emitToWeights(gradient, in: lowering)
      return inputNeedsGradient ? [try gradients.emitToInput(gradient, in: lowering)] : [nil]
    }
  }
}

extension Lowering {
  /// Memory of the given layout that holds what `memory` does and may be written over: itself, or a copy.
  fileprivate func overwritable(
    _ memory: Memory, as descriptor: MemoryDescriptor, mayOverwrite: Bool, layer: String
  ) throws -> Memory {
    if mayOverwrite, memory.buffer.isPlanned, memory.descriptor.equals(descriptor) { return memory }
    let target = try allocate(descriptor)
    try copy(memory, to: target, layer: layer)
    return target
  }
}
