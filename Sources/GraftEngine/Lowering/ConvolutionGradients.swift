import CDNNL
import GraftGraph
import GraftTensors

/// The two backward passes of a convolution.
@EngineActor
struct ConvolutionGradients {
  let form: ConvolutionForm
  /// What is multiplied.
  let type: ElementType
  let kernel: ParameterSlot
  let bias: ParameterSlot?
  let forward: PrimitiveDescriptor
  let input: Memory
  /// Nil where the kernel does not train.
  private let toWeights: PrimitiveDescriptor?

  init(
    _ form: ConvolutionForm, type: ElementType, kernel: ParameterSlot, bias: ParameterSlot?,
    forward: PrimitiveDescriptor, input: Memory
  ) throws {
    self.form = form
    self.type = type
    self.kernel = kernel
    self.bias = bias
    self.forward = forward
    self.input = input
    toWeights = kernel.isTrainable ? try form.backwardWeights(type, forward) : nil
  }

  /// How the kernel's gradient will lie: how the numbers that training moves had best lie too.
  func kernelLayout() throws -> MemoryDescriptor? {
    try toWeights?.chosen(dnnl_query_diff_weights_md, shape: kernel.shape)
  }

  func emitToInput(_ gradient: Memory, in lowering: Lowering) throws -> Memory {
    let backward = try form.backwardData(type, forward)
    let gradient = try lowering.reorder(
      gradient, to: backward.chosen(dnnl_query_diff_dst_md, shape: gradient.shape), layer: form.layer)
    let result = try lowering.allocate(backward.chosen(dnnl_query_diff_src_md, shape: input.shape))
    let kernel = try kernel.memory(
      as: backward.chosen(dnnl_query_weights_md, shape: kernel.shape), in: lowering)
    try lowering.emit(
      backward, [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_WEIGHTS, kernel), (DNNL_ARG_DIFF_SRC, result)])
    return result
  }

  func emitToWeights(_ gradient: Memory, in lowering: Lowering) throws {
    guard let toWeights else { return try emitBiasGradient(gradient, of: bias, layer: form.layer, in: lowering) }
    let gradient = try lowering.reorder(
      gradient, to: toWeights.chosen(dnnl_query_diff_dst_md, shape: gradient.shape), layer: form.layer)
    let input = try lowering.reorder(
      input, to: toWeights.chosen(dnnl_query_src_md, shape: input.shape), layer: form.layer)
    try emitWeightGradients(
      toWeights, kernel: kernel, bias: bias, biasLayout: form.bias,
      arguments: [(DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient)], in: lowering)
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
    // The primitive leaves both gradients or none.
    guard bias.isTrainable else {
      return try lowering.emit(backward, arguments + [(DNNL_ARG_DIFF_BIAS, lowering.allocate(biasLayout))])
    }
    try bias.receiveGradient(as: biasLayout, in: lowering) { biasGradient in
      try lowering.emit(backward, arguments + [(DNNL_ARG_DIFF_BIAS, biasGradient)])
    }
  }
}

/// Appends a step that leaves the gradient of a bias alone, where it trains beside a kernel that does not: the sum over
/// images and positions, which takes far less than the primitive that gives both gradients.
///
/// - Parameter gradient: of the output, `[N, C, …]`.
@EngineActor
func emitBiasGradient(_ gradient: Memory, of bias: ParameterSlot?, layer: String, in lowering: Lowering) throws {
  guard let bias, bias.isTrainable else { return }
  let rows = try lowering.reorder(gradient, to: .channelsLast(gradient.shape), layer: layer)
  try bias.receiveGradient(as: .rowMajor(bias.shape), in: lowering) { result in
    lowering.emit(touching: [rows, result]) {
      let numbers = rows.floats
      // Positions are many: float32 would lose digits.
      var sums = [Double](repeating: 0, count: result.floats.count)
      for row in stride(from: 0, to: numbers.count, by: sums.count) {
        for channel in sums.indices { sums[channel] += Double(numbers[row + channel]) }
      }
      for channel in sums.indices { result.floats[channel] = Float(sums[channel]) }
    }
  }
}
