import GraftTensors

/// Each number divided by (`bias` + `alpha` / `size` · Σ x²)^`beta`, the sum over the `size` channels around its own at the
/// same position; `[C, H, W]`, the shape stays.
///
/// Source: Krizhevsky et al. (2012), in the form of Caffe, PyTorch and ONNX; TensorFlow's `alpha` is this one over `size`.
public struct LocalResponseNormalization: Layer {
  public static let kind = "LocalResponseNormalization"
  public var name: String
  /// An odd number of channels.
  public var size: Int
  public var alpha, beta, bias: Float

  public init(_ name: String, size: Int = 5, alpha: Float = 1e-4, beta: Float = 0.75, bias: Float = 1) {
    self.name = name
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    guard size > 0, size % 2 == 1, size <= Self.largestAmount else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "size", expected: "an odd number of channels", found: "\(size)")
    }
    return try featureMap(inputs)
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int {
    [try outputShape(of: inputs).count, size].saturatingProduct
  }
}
