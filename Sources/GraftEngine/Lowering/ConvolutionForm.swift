import CDNNL
import GraftGraph
import GraftTensors

/// The sizes of a convolution, from which oneDNN makes its forward pass and its two backward ones.
@EngineActor
struct ConvolutionForm {
  let layer: String
  let window: graft_window
  let kernel: Shape
  let bias: MemoryDescriptor?
  let input, output: Shape

  /// The forward pass in the precision asked for, or in float32 where that has only a slow form.
  ///
  /// - Parameters:
  ///   - source: what it will read.
  ///   - allowsWinograd: whether the kernel may be kept in a form that cannot be undone.
  ///   - isFollowedAlike: whether what reads the output would have it in Winograd's layout too.
  /// - Returns: also what is multiplied.
  func forward(
    _ source: Memory, _ activation: Activation.Function, addsDestination: Bool, keepsFloat32: Bool,
    allowsWinograd: Bool, isFollowedAlike: Bool, in lowering: Lowering
  ) throws -> (PrimitiveDescriptor, ElementType) {
    func descriptor(_ type: ElementType, _ algorithm: dnnl_alg_kind_t) throws -> PrimitiveDescriptor {
      var window = window
      let source = try MemoryDescriptor.any(input, type)
      let weights = try MemoryDescriptor.any(kernel, type)
      let destination = try MemoryDescriptor.any(output, keepsFloat32 ? .float32 : type)
      return try activation.withPostOperations(in: lowering.mode, addsDestination: addsDestination) { attributes in
        try PrimitiveDescriptor("a convolution", layer: layer) {
          graft_convolution_forward(
            &$0, $1, lowering.propagation, algorithm, source.handle, weights.handle, bias?.handle,
            destination.handle, &window, attributes)
        }
      }
    }
    let type = lowering.precision.elementType
    if type != .float32, let fast = try? descriptor(type, dnnl_convolution_direct), !fast.isReference {
      return (fast, type)
    }
    let direct = try descriptor(.float32, dnnl_convolution_direct)
    guard allowsWinograd else { return (direct, .float32) }
    let chosen = try faster(
      direct, "\(lowering.mode), \(activation)\(addsDestination ? ", sum" : "")",
      input: .init(argument: DNNL_ARG_SRC, query: dnnl_query_src_md),
      output: .init(argument: DNNL_ARG_DST, query: dnnl_query_dst_md),
      others: [
        .init(argument: DNNL_ARG_WEIGHTS, query: dnnl_query_weights_md),
        .init(argument: DNNL_ARG_BIAS, query: dnnl_query_weights_md, index: 1),
      ],
      convertsInput: { try source.descriptor.equals(direct.chosen(dnnl_query_src_md, shape: input)) },
      convertsOutput: !isFollowedAlike
    ) { try descriptor(.float32, dnnl_convolution_winograd) }
    return (chosen, .float32)
  }

  /// The gradient of the input.
  func backwardData(_ type: ElementType, _ forward: PrimitiveDescriptor) throws -> PrimitiveDescriptor {
    func descriptor(_ algorithm: dnnl_alg_kind_t) throws -> PrimitiveDescriptor {
      var window = window
      let source = try MemoryDescriptor.any(input, type)
      let weights = try MemoryDescriptor.any(kernel, type)
      let destination = try MemoryDescriptor.any(output, type)
      return try PrimitiveDescriptor("a convolution's input gradient", layer: layer) {
        graft_convolution_backward_data(
          &$0, $1, algorithm, source.handle, weights.handle, destination.handle, &window, forward.handle)
      }
    }
    let direct = try descriptor(dnnl_convolution_direct)
    guard type == .float32 else { return direct }
    return try faster(
      direct, "input gradient", input: .init(argument: DNNL_ARG_DIFF_DST, query: dnnl_query_diff_dst_md),
      output: .init(argument: DNNL_ARG_DIFF_SRC, query: dnnl_query_diff_src_md),
      others: [.init(argument: DNNL_ARG_WEIGHTS, query: dnnl_query_weights_md)]
    ) { try descriptor(dnnl_convolution_winograd) }
  }

  /// The gradients of the kernel, float32 always, and of the bias.
  func backwardWeights(_ type: ElementType, _ forward: PrimitiveDescriptor) throws -> PrimitiveDescriptor {
    func descriptor(_ algorithm: dnnl_alg_kind_t) throws -> PrimitiveDescriptor {
      var window = window
      let source = try MemoryDescriptor.any(input, type)
      let weights = try MemoryDescriptor.any(kernel)
      let destination = try MemoryDescriptor.any(output, type)
      return try PrimitiveDescriptor("a convolution's kernel gradient", layer: layer) {
        graft_convolution_backward_weights(
          &$0, $1, algorithm, source.handle, weights.handle, bias?.handle, destination.handle, &window, forward.handle)
      }
    }
    let direct = try descriptor(dnnl_convolution_direct)
    guard type == .float32 else { return direct }
    return try faster(
      direct, "kernel gradient", input: .init(argument: DNNL_ARG_SRC, query: dnnl_query_src_md),
      output: .init(argument: DNNL_ARG_DIFF_DST, query: dnnl_query_diff_dst_md),
      others: [
        .init(argument: DNNL_ARG_DIFF_WEIGHTS, query: dnnl_query_diff_weights_md),
        .init(argument: DNNL_ARG_DIFF_BIAS, query: dnnl_query_diff_weights_md, index: 1),
      ]
    ) { try descriptor(dnnl_convolution_winograd) }
  }

  /// The direct form or Winograd's, which not every convolution has, by what is known of this machine.
  private func faster(
    _ direct: PrimitiveDescriptor, _ what: String, input: AlgorithmTrial.Argument, output: AlgorithmTrial.Argument,
    others: [AlgorithmTrial.Argument], convertsInput: () throws -> Bool = { true }, convertsOutput: Bool = true,
    winograd: () throws -> PrimitiveDescriptor
  ) throws -> PrimitiveDescriptor {
    // The record is asked for last, because that may open a file.
    guard let winograd = try? winograd(), let record = ConvolutionAlgorithms.record else { return direct }
    let times = try AlgorithmTrial(
      signature: signature(what), direct: direct, winograd: winograd, input: input, output: output, others: others
    ).times(record)
    return times.prefersWinograd(convertsInput: try convertsInput(), convertsOutput: convertsOutput)
      ? winograd : direct
  }

  private func signature(_ what: String) -> String {
    let window = window
    let padding = [window.padding_before.0, window.padding_before.1, window.padding_after.0, window.padding_after.1]
    return "\(what): \(input) by \(kernel)\(bias == nil ? "" : " and bias") to \(output), padding \(padding)"
  }
}
