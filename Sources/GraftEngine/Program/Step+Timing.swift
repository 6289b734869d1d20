import CDNNL

extension [Step] {
  /// Runs as `execute` does, with a look at the clock after every step.
  @EngineActor
  func executeTimed(_ pass: StepTiming.Pass) throws -> [StepTiming] {
    var seconds: [Double] = []
    seconds.reserveCapacity(count)
    let clock = ContinuousClock()
    for step in self {
      let start = clock.now
      try step.execute()
      try Primitive.wait()
      seconds.append(start.duration(to: clock.now) / .seconds(1))
    }
    return zip(self, seconds).map { $0.timing(pass, seconds: $1) }
  }

  /// Runs as `execute` does, with the clock stopped while the host computes.
  ///
  /// - Returns: the seconds that the primitives took, one after another.
  @EngineActor
  func executeTimingPrimitives() throws -> Double {
    let clock = ContinuousClock()
    var total = Duration.zero
    var start = clock.now
    for step in self {
      if case .host = step.work {
        try Primitive.wait()
        total += start.duration(to: clock.now)
        try step.execute()
        start = clock.now
      } else {
        try step.execute()
      }
    }
    try Primitive.wait()
    return (total + start.duration(to: clock.now)) / .seconds(1)
  }
}

extension Step {
  fileprivate func timing(_ pass: StepTiming.Pass, seconds: Double) -> StepTiming {
    switch work {
    case .host:
      return StepTiming(layer: layer, kind: .host, pass: pass, implementation: "host", seconds: seconds)
    case .primitive(let primitive):
      let description = primitive.description
      return StepTiming(
        layer: layer, kind: description.map { .init($0.kind) } ?? .other,
        gradient: description.flatMap { .init($0.propagation) }, pass: pass,
        implementation: description?.implementation ?? "", seconds: seconds)
    }
  }
}

extension StepTiming.Kind {
  fileprivate init(_ kind: dnnl_primitive_kind_t) {
    self =
      switch kind {
      case dnnl_convolution: .convolution
      case dnnl_inner_product: .dense
      case dnnl_pooling: .pooling
      case dnnl_eltwise, dnnl_prelu: .activation
      case dnnl_softmax: .softmax
      case dnnl_binary, dnnl_sum: .arithmetic
      case dnnl_concat: .concatenation
      case dnnl_resampling: .resampling
      case dnnl_batch_normalization: .batchNormalization
      case dnnl_lrn: .localResponseNormalization
      case dnnl_reorder: .reorder
      default: .other
      }
  }
}

extension StepTiming.Gradient {
  fileprivate init?(_ propagation: dnnl_prop_kind_t) {
    switch propagation {
    case dnnl_backward_data: self = .input
    case dnnl_backward_weights: self = .parameters
    case dnnl_backward: self = .all
    default: return nil
    }
  }
}
