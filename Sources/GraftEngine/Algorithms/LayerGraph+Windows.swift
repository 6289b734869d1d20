import GraftGraph

extension LayerGraph {
  /// The nodes whose output only convolutions read that Winograd's algorithm could compute, directly or through layers that
  /// take any layout.
  var nodesPrecedingWindowsOf3: Set<String> {
    var result: Set<String> = []
    var takers: [String: Bool] = [:]
    for node in nodes.reversed() {
      let precedes = takers[node.name] ?? false
      if precedes { result.insert(node.name) }
      let takes = node.layer.hasWindowOf3 || precedes && node.layer.takesAnyLayout
      for input in node.inputs { takers[input] = (takers[input] ?? true) && takes }
    }
    return result
  }
}

extension Layer {
  /// Whether this is a convolution with a 3 × 3 kernel that moves by one pixel.
  fileprivate var hasWindowOf3: Bool {
    let plain: any Layer = (self as? ResidualConvolution)?.convolution ?? self
    guard let convolution = plain as? Conv2D, convolution.groups == 1 else { return false }
    let window = convolution.window
    return window.size == 3 && window.strides == 1 && window.dilation == 1
  }

  fileprivate var takesAnyLayout: Bool {
    self is MaxPooling2D || self is AveragePooling2D || self is Activation || self is BatchNormalization
      || self is Dropout
  }
}
