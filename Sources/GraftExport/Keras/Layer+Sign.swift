import GraftGraph

extension Layer {
  /// Whether no number of the output can be below zero.
  ///
  /// - Parameter inputs: whether none can in each input.
  func isNonNegative(_ inputs: [Bool]) -> Bool {
    switch self {
    case let layer as Activation: layer.function.isNonNegative(inputs == [true])
    case let layer as Conv2D: layer.activation.isNonNegative(false)
    case let layer as DepthwiseConv2D: layer.activation.isNonNegative(false)
    case let layer as SeparableConv2D: layer.activation.isNonNegative(false)
    case let layer as Dense: layer.activation.isNonNegative(false)
    case is Maximum: inputs.contains(true)
    case is Add, is Multiply, is Minimum, is Average, is Concatenate, is MaxPooling2D, is AveragePooling2D,
      is GlobalAveragePooling2D, is GlobalMaxPooling2D, is ZeroPadding2D, is ChannelPadding, is Cropping2D,
      is StridedSlice2D, is Slice, is UpSampling2D, is Resize, is Reduction, is Flatten, is Reshape, is Permute,
      is Dropout, is SpatialDropout2D:
      inputs.allSatisfy { $0 }
    default: false
    }
  }
}

extension Activation.Function {
  fileprivate func isNonNegative(_ input: Bool) -> Bool {
    switch self {
    case .relu, .relu6, .sigmoid, .softplus, .exponential, .softmax, .absolute, .square, .squareRoot, .hardSigmoid:
      true
    case .thresholdedReLU(let theta): theta >= 0
    case .clip(let least, _): least >= 0
    case .generalReLU(_, let slope, let threshold): slope == 0 && threshold >= 0
    case .linear, .leakyReLU, .elu, .celu, .selu, .tanh, .softsign, .swish, .hardSwish, .gelu, .mish, .tanhShrink:
      input
    default: false
    }
  }
}
