import GraftGraph
import GraftTensors

/// How a Keras file lays out the tensor of one parameter.
enum KerasTensorLayout: Hashable, Sendable {
  /// As the graph has it.
  case same
  /// A convolution's kernel, `[H, W, in, out]`: Keras 2 and later, whatever the data format, and Keras 1 with `tf`.
  case convolution
  /// A convolution's kernel, `[out, in, H, W]`: Keras 1 with `dim_ordering` `th`.
  case theanoConvolution
  /// `[H, W, in, multiplier]`.
  case depthwise(multiplier: Int)
  /// `[multiplier, in, H, W]`.
  case theanoDepthwise(multiplier: Int)
  /// A dense layer's kernel, `[in, out]`.
  case dense
  /// A dense layer's kernel, `[in, out]`, that the graph applies at every position as a 1×1 convolution.
  case denseAtPositions
  /// The channels last, `[H, W, C]`, in a tensor that is `[C, H, W]` in the graph.
  case channelsLast

  /// What the role of a parameter says of its layout.
  init(of parameter: ParameterSpecification, writer: KerasGraphWriter, options: KerasOptions) {
    let multiplier = options.value("depth_multiplier")?.integer ?? 1
    let isTheano = options.value("dim_ordering")?.text == "th"
    switch (parameter.role, parameter.shape.rank) {
    case (.kernel, 4), (.pointwiseKernel, 4): self = isTheano ? .theanoConvolution : .convolution
    case (.depthwiseKernel, 4):
      self = isTheano ? .theanoDepthwise(multiplier: multiplier) : .depthwise(multiplier: multiplier)
    case (.kernel, 2): self = .dense
    case (.alpha, 3): self = writer.layout.isChannelsLast ? .channelsLast : .same
    default: self = .same
    }
  }

  /// The shape in the file of a tensor that has the given one in the graph.
  func fileShape(_ shape: Shape) -> Shape {
    switch self {
    case .same: shape
    case .convolution: [shape[2], shape[3], shape[1], shape[0]]
    case .theanoConvolution: shape
    case .depthwise(let multiplier): [shape[2], shape[3], shape[0] / max(multiplier, 1), multiplier]
    case .theanoDepthwise(let multiplier): [multiplier, shape[0] / max(multiplier, 1), shape[2], shape[3]]
    case .dense, .denseAtPositions: [shape[1], shape[0]]
    case .channelsLast: [shape[1], shape[2], shape[0]]
    }
  }

  /// The file's tensor as the graph has it: a view, but for depthwise kernels with a multiplier.
  ///
  /// - Precondition: `tensor` has the file's shape.
  func graphTensor(_ tensor: Tensor, shape: Shape) -> Tensor {
    switch self {
    case .same, .theanoConvolution: tensor
    case .convolution: tensor.permuted([3, 2, 0, 1])
    case .depthwise: tensor.permuted([2, 3, 0, 1]).reshaped(shape)
    case .theanoDepthwise: tensor.permuted([1, 0, 2, 3]).reshaped(shape)
    case .dense: tensor.permuted([1, 0])
    case .denseAtPositions: tensor.permuted([1, 0]).reshaped(shape)
    case .channelsLast: tensor.permuted([2, 0, 1])
    }
  }

  /// Whether Theano's flip applies.
  var isSpatialKernel: Bool { self == .convolution || self == .theanoConvolution }
}
