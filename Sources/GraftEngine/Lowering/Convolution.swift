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
  ///   - mayOverwriteResidual: whether its bytes may become the output's.
  ///   - keepsFloat32: whether the output is float32 in any precision.
  func lower(
    _ input: Memory, to shape: Shape, residual: Memory? = nil, mayOverwriteResidual: Bool = false,
    inputNeedsGradient: Bool, keepsFloat32: Bool, node: String, into lowering: Lowering
  ) throws -> LoweredNode {
    kernel.splitOutermost(into: groups)
    let window = window.onDNNL(over: input.shape)
    let biasLayout = try bias.map { try MemoryDescriptor.rowMajor($0.shape) }
    let (forward, type) = try described(
      input.shape, shape, window, biasLayout, addsDestination: residual != nil, keepsFloat32, in: lowering)
    let images = try lowering.reorder(
      input, to: forward.chosen(dnnl_query_src_md, shape: input.shape), layer: layer)
    let destination = try forward.chosen(dnnl_query_dst_md, shape: shape)
    let output =
      try residual.map {
        try lowering.overwritable($0, as: destination, mayOverwrite: mayOverwriteResidual, layer: layer)
      } ?? lowering.allocate(destination)
    let gradients = ConvolutionGradients(
      layer: layer, type: type, kernel: kernel, bias: bias, window: window, forward: forward, input: images)
    var arguments = try [
      (DNNL_ARG_SRC, images), (DNNL_ARG_DST, output),
      (
        DNNL_ARG_WEIGHTS,
        kernel.memory(
          as: forward.chosen(dnnl_query_weights_md, shape: kernel.shape),
          master: kernel.isTrainable ? gradients.kernelLayout(of: output) : nil, in: lowering)
      ),
    ]
    if let bias, let biasLayout {
      arguments.append((DNNL_ARG_BIAS, try bias.memory(as: biasLayout, in: lowering)))
    }
    try lowering.emit(forward, arguments)

    return try activation.completing(output: output, layer: node, in: lowering) { gradient in
      if kernel.isTrainable { try gradients.toWeights(gradient, in: lowering) }
      return inputNeedsGradient ? [try gradients.toInput(gradient, in: lowering)] : [nil]
    }
  }

  /// The primitive in the precision asked for, or in float32 where that has only a slow form.
  private func described(
    _ input: Shape, _ output: Shape, _ window: graft_window, _ bias: MemoryDescriptor?, addsDestination: Bool,
    _ keepsFloat32: Bool, in lowering: Lowering
  ) throws -> (PrimitiveDescriptor, ElementType) {
    func descriptor(_ type: ElementType) throws -> PrimitiveDescriptor {
      var window = window
      let source = try MemoryDescriptor.any(input, type)
      let weights = try MemoryDescriptor.any(kernel.shape, type)
      let destination = try MemoryDescriptor.any(output, keepsFloat32 ? .float32 : type)
      return try activation.withPostOperations(in: lowering.mode, addsDestination: addsDestination) { attributes in
        try PrimitiveDescriptor("a convolution", layer: layer) {
          graft_convolution_forward(
            &$0, $1, lowering.propagation, dnnl_convolution_direct, source.handle, weights.handle, bias?.handle,
            destination.handle, &window, attributes)
        }
      }
    }
    let type = lowering.precision.elementType
    if type != .float32, let fast = try? descriptor(type), !fast.isReference { return (fast, type) }
    return (try descriptor(.float32), .float32)
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

/// The two backward passes of a convolution.
@EngineActor
private struct ConvolutionGradients {
  let layer: String
  /// What is multiplied.
  let type: ElementType
  let kernel: ParameterSlot
  let bias: ParameterSlot?
  let window: graft_window
  let forward: PrimitiveDescriptor
  let input: Memory

  func toInput(_ gradient: Memory, in lowering: Lowering) throws -> Memory {
    var window = window
    let source = try MemoryDescriptor.any(input.shape, type)
    let weights = try MemoryDescriptor.any(kernel.shape, type)
    let destination = try MemoryDescriptor.any(gradient.shape, type)
    let backward = try PrimitiveDescriptor("a convolution's input gradient", layer: layer) {
      graft_convolution_backward_data(
        &$0, $1, source.handle, weights.handle, destination.handle, &window, forward.handle)
    }
    let gradient = try lowering.reorder(
      gradient, to: backward.chosen(dnnl_query_diff_dst_md, shape: gradient.shape), layer: layer)
    let result = try lowering.allocate(backward.chosen(dnnl_query_diff_src_md, shape: input.shape))
    let kernel = try kernel.memory(
      as: backward.chosen(dnnl_query_weights_md, shape: kernel.shape), in: lowering)
    try lowering.emit(
      backward, [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_WEIGHTS, kernel), (DNNL_ARG_DIFF_SRC, result)])
    return result
  }

  func toWeights(_ gradient: Memory, in lowering: Lowering) throws {
    let (backward, biasLayout) = try described(gradient.shape)
    let gradient = try lowering.reorder(
      gradient, to: backward.chosen(dnnl_query_diff_dst_md, shape: gradient.shape), layer: layer)
    let input = try lowering.reorder(
      input, to: backward.chosen(dnnl_query_src_md, shape: input.shape), layer: layer)
    try emitWeightGradients(
      backward, kernel: kernel, bias: bias, biasLayout: biasLayout,
      arguments: [(DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient)], in: lowering)
  }

  /// How the kernel's gradient will lie: how the numbers that training moves had best lie too.
  func kernelLayout(of output: Memory) throws -> MemoryDescriptor {
    try described(output.shape).0.chosen(dnnl_query_diff_weights_md, shape: kernel.shape)
  }

  private func described(_ output: Shape) throws -> (PrimitiveDescriptor, bias: MemoryDescriptor?) {
    var window = window
    let source = try MemoryDescriptor.any(input.shape, type)
    let weights = try MemoryDescriptor.any(kernel.shape)
    let biasLayout = try bias.map { try MemoryDescriptor.rowMajor($0.shape) }
    let destination = try MemoryDescriptor.any(output, type)
    let backward = try PrimitiveDescriptor("a convolution's kernel gradient", layer: layer) {
      graft_convolution_backward_weights(
        &$0, $1, source.handle, weights.handle, biasLayout?.handle, destination.handle, &window, forward.handle)
    }
    return (backward, biasLayout)
  }
}

/// Appends a primitive that leaves the gradients of a kernel and, where there is one, a bias.
@EngineActor
func emitWeightGradients(
  _ backward: PrimitiveDescriptor, kernel: ParameterSlot, bias: ParameterSlot?, biasLayout: MemoryDescriptor?,
  arguments: [(argument: Int32, memory: Memory)], in lowering: Lowering
) throws {
  let layout = try backward.chosen(dnnl_query_diff_weights_md, shape: kernel.shape)
  try kernel.receiveGradient(as: layout, in: lowering) { kernelGradient in
    let arguments = arguments + [(DNNL_ARG_DIFF_WEIGHTS, kernelGradient)]
    guard let bias, let biasLayout else { return try lowering.emit(backward, arguments) }
    try bias.receiveGradient(as: biasLayout, in: lowering) { biasGradient in
      try lowering.emit(backward, arguments + [(DNNL_ARG_DIFF_BIAS, biasGradient)])
    }
  }
}
