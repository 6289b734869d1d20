import GraftFormats
import GraftGraph
import GraftTensors

/// How a Keras file lays out its convolution kernels.
enum KernelOrder {
  /// `[H, W, in, out]`, channels-last networks.
  case tensorFlow
  /// `[out, in, H, W]`, channels-first networks.
  case theano

  /// The shape that a parameter has in the file.
  ///
  /// - Parameter multiplier: how many outputs a depthwise convolution has for each channel.
  func fileShape(of parameter: ParameterSpecification, multiplier: Int = 1) -> Shape {
    let shape = parameter.shape
    switch (parameter.role, shape.rank) {
    case (.kernel, 4), (.pointwiseKernel, 4):
      return self == .theano ? shape : [shape[2], shape[3], shape[1], shape[0]]
    // [H, W, in, multiplier] in either order: Theano had no such layer.
    case (.depthwiseKernel, 4): return [shape[2], shape[3], shape[0] / multiplier, multiplier]
    case (.kernel, 2): return [shape[1], shape[0]]
    default: return shape
    }
  }

  /// The file's tensor in Graft's layout, as a view.
  func logical(_ tensor: Tensor, for parameter: ParameterSpecification) -> Tensor {
    switch (parameter.role, tensor.shape.rank) {
    case (.kernel, 4), (.pointwiseKernel, 4): self == .theano ? tensor : tensor.permuted([3, 2, 0, 1])
    case (.depthwiseKernel, 4): tensor.permuted([2, 3, 0, 1]).reshaped(parameter.shape)
    case (.kernel, 2): tensor.permuted([1, 0])
    default: tensor
    }
  }

  /// The order that fits the most convolutions: all of them, unless the file is of another network. All kernels are
  /// asked, because a single one may fit both orders.
  static func detected(in pairs: [(ParameterSpecification, Tensor)], backend: String?) -> KernelOrder {
    let kernels = pairs.filter { $0.0.role == .kernel && $0.0.shape.rank == 4 }
    func fits(_ order: KernelOrder) -> Int {
      kernels.count { order.fileShape(of: $0.0) == $0.1.shape }
    }
    let (tensorFlow, theano) = (fits(.tensorFlow), fits(.theano))
    if tensorFlow == theano { return backend == "theano" && theano > 0 ? .theano : .tensorFlow }
    return tensorFlow > theano ? .tensorFlow : .theano
  }
}
