import GraftGraph

/// What multiplies by a kernel and may add a bias and apply an activation of its own.
protocol LinearLayer: Layer {
  var usesBias: Bool { get set }
  var activation: Activation.Function { get set }
}

extension Conv2D: LinearLayer {}
extension DepthwiseConv2D: LinearLayer {}
extension SeparableConv2D: LinearLayer {}
extension Dense: LinearLayer {}

extension LinearLayer {
  func withBias() -> Self {
    var layer = self
    layer.usesBias = true
    return layer
  }

  func activated(by function: Activation.Function) -> Self {
    var layer = self
    layer.activation = function
    return layer
  }
}
