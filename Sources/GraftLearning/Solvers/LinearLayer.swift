/// A linear layer: `outputs = kernel · features + bias`.
public struct LinearLayer: Hashable, Sendable, Codable {
  /// A row for each output, `[outputs, width]`.
  public var kernel: [Float]
  /// One number for each output.
  public var bias: [Float]
  /// The number of features.
  public let width: Int

  /// The number of outputs.
  public var outputs: Int { bias.count }

  /// - Precondition: the kernel has a row of `width` numbers for each bias.
  public init(kernel: [Float], bias: [Float], width: Int) {
    precondition(
      kernel.count == bias.count * width, "\(kernel.count) weights for \(bias.count) outputs of \(width) features")
    self.kernel = kernel
    self.bias = bias
    self.width = width
  }

  /// What the layer puts out: `[features.count, outputs]`, row after row.
  ///
  /// - Precondition: features are as wide as the layer expects.
  public func callAsFunction(_ features: FeatureMatrix) -> [Float] {
    precondition(features.width == width, "\(features.width) features for a layer of \(width)")
    var result = [Float]()
    result.reserveCapacity(features.count * outputs)
    for _ in 0..<features.count { result += bias }
    if features.count > 0, outputs > 0 {
      LinearAlgebra.multiply(
        features.values, .asIs, kernel, .transposed, add: 1, into: &result, rows: features.count, columns: outputs,
        inner: width)
    }
    return result
  }
}
