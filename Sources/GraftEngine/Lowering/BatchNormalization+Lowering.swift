import CDNNL
import GraftGraph
import GraftPlanning
import GraftTensors

extension BatchNormalization: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try lower(inputs, node, rectifies: false, into: lowering)
  }

  /// - Parameter rectifies: whether a ReLU follows.
  @EngineActor
  fileprivate func lower(
    _ inputs: [Memory], _ node: LoweringNode, rectifies: Bool, into lowering: Lowering
  ) throws -> LoweredNode {
    guard let movingMean = node.parameters[.movingMean], let movingVariance = node.parameters[.movingVariance] else {
      throw EngineError.unsupportedLayer(name: name, kind: Self.kind)
    }
    let input = inputs[0]
    let channels = try MemoryDescriptor.rowMajor([input.shape[1]])
    let moving = try Statistics(
      mean: movingMean.memory(as: channels, in: lowering), variance: movingVariance.memory(as: channels, in: lowering))
    let usesBatch = lowering.mode == .training && node.batchNormMode == .batchStatistics
    let statistics =
      usesBatch ? try Statistics(mean: lowering.allocate(channels), variance: lowering.allocate(channels)) : moving

    let normalization = try ChannelNormalization(
      layer: name, epsilon: epsilon, usesBatch: usesBatch, rectifies: rectifies, statistics: statistics,
      gamma: node.parameters[.gamma], beta: node.parameters[.beta], channels: channels, in: lowering)
    let forward = try normalization.emitForward(input, in: lowering)
    if usesBatch {
      movingMean.isUpdatedForward = true
      movingVariance.isUpdatedForward = true
      if !node.isRepeated {
        emitUpdate(of: moving, by: statistics, samples: input.shape.count / input.shape[1], in: lowering)
      }
    }
    return LoweredNode(output: forward.output) { gradient in
      [try normalization.emitBackward(gradient, input: input, forward: forward, node, in: lowering)]
    }
  }

  @EngineActor
  private func emitUpdate(of moving: Statistics, by batch: Statistics, samples: Int, in lowering: Lowering) {
    let kept = momentum
    // oneDNN's variance is the biased one.
    let correction = movingVariance == .biased || samples < 2 ? 1 : Float(samples) / Float(samples - 1)
    lowering.emit(touching: [batch.mean, batch.variance]) {
      let (means, variances) = (moving.mean.floats, moving.variance.floats)
      let (batchMeans, batchVariances) = (batch.mean.floats, batch.variance.floats)
      for channel in means.indices {
        means[channel] = means[channel] * kept + batchMeans[channel] * (1 - kept)
        variances[channel] = variances[channel] * kept + batchVariances[channel] * correction * (1 - kept)
      }
    }
  }
}

extension RectifiedNormalization: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try base.lower(inputs, node, rectifies: true, into: lowering)
  }
}

/// Mean and biased variance of each channel.
struct Statistics {
  let mean: Memory
  let variance: Memory
}

/// γ · (x − mean) / √(variance + ε) + β by given statistics, or by those of the batch, which it leaves behind; negative
/// results become zero where it rectifies.
@EngineActor
struct ChannelNormalization {
  let layer: String
  let epsilon: Float
  let usesBatch: Bool
  let rectifies: Bool
  let statistics: Statistics
  private let gamma, beta: ParameterSlot?
  private let scaleAndShift: [(argument: Int32, memory: Memory)]
  private let channels: MemoryDescriptor

  init(
    layer: String, epsilon: Float, usesBatch: Bool, rectifies: Bool = false, statistics: Statistics,
    gamma: ParameterSlot?, beta: ParameterSlot?, channels: MemoryDescriptor, in lowering: Lowering
  ) throws {
    self.layer = layer
    self.epsilon = epsilon
    self.usesBatch = usesBatch
    self.rectifies = rectifies
    self.statistics = statistics
    self.gamma = gamma
    self.beta = beta
    self.channels = channels
    let gammaMemory = try gamma.map { (DNNL_ARG_SCALE, try $0.memory(as: channels, in: lowering)) }
    let betaMemory = try beta.map { (DNNL_ARG_SHIFT, try $0.memory(as: channels, in: lowering)) }
    scaleAndShift = [gammaMemory, betaMemory].compactMap { $0 }
  }

  private var flags: UInt32 {
    (usesBatch ? 0 : dnnl_use_global_stats.rawValue) | (gamma == nil ? 0 : dnnl_use_scale.rawValue)
      | (beta == nil ? 0 : dnnl_use_shift.rawValue) | (rectifies ? dnnl_fuse_norm_relu.rawValue : 0)
  }

  private var statisticsArguments: [(argument: Int32, memory: Memory)] {
    [(DNNL_ARG_MEAN, statistics.mean), (DNNL_ARG_VARIANCE, statistics.variance)]
  }

  /// What the forward pass leaves to the backward one.
  struct Forward {
    let output: Memory
    let descriptor: PrimitiveDescriptor
    /// Which results were negative.
    let workspace: [(argument: Int32, memory: Memory)]
  }

  func emitForward(_ input: Memory, in lowering: Lowering) throws -> Forward {
    let forward = try PrimitiveDescriptor("a batch normalisation", layer: layer) {
      graft_batch_normalization_forward(
        &$0, $1, lowering.propagation, input.descriptor.handle, epsilon, flags)
    }
    let output = try lowering.allocate(input.descriptor)
    let workspace = try forward.workspace.map { [(DNNL_ARG_WORKSPACE, try lowering.allocate($0))] } ?? []
    try lowering.emit(
      forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)] + statisticsArguments + scaleAndShift + workspace)
    return Forward(output: output, descriptor: forward, workspace: workspace)
  }

  /// Leaves the gradients of γ and β where they train.
  ///
  /// - Returns: the gradient of the input, where it is needed.
  func emitBackward(
    _ gradient: Memory, input: Memory, forward: Forward, _ node: LoweringNode, in lowering: Lowering
  ) throws -> Memory? {
    guard node.trains || node.inputNeedsGradient else { return nil }
    let layout = input.descriptor
    let gradient = try lowering.reorder(gradient, to: layout, layer: layer)
    let backward = try PrimitiveDescriptor("a batch normalisation's gradient", layer: layer) {
      graft_batch_normalization_backward(
        &$0, $1, dnnl_backward, layout.handle, layout.handle, epsilon, flags, forward.descriptor.handle)
    }
    let result = try lowering.allocate(layout)
    let read = scaleAndShift.filter {
      $0.argument != DNNL_ARG_SHIFT || graft_batch_normalization_backward_takes_shift()
    }
    let arguments =
      [(DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)]
      + statisticsArguments + read + forward.workspace
    try withGradient(of: gamma, DNNL_ARG_DIFF_SCALE, lowering) { ofScale in
      try withGradient(of: beta, DNNL_ARG_DIFF_SHIFT, lowering) { ofShift in
        try lowering.emit(backward, arguments + ofScale + ofShift)
      }
    }
    return node.inputNeedsGradient ? result : nil
  }

  private func withGradient(
    of slot: ParameterSlot?, _ argument: Int32, _ lowering: Lowering,
    _ emit: ([(argument: Int32, memory: Memory)]) throws -> Void
  ) throws {
    guard let slot else { return try emit([]) }
    // oneDNN has no backward pass with γ and β that leaves their gradients out.
    guard slot.isTrainable else { return try emit([(argument, lowering.allocate(channels))]) }
    try slot.receiveGradient(as: channels, in: lowering) { try emit([(argument, $0)]) }
  }
}
