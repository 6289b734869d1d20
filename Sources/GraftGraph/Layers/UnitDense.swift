import GraftTensors

/// A dense layer without bias that uses only the directions of its kernel's rows: `[in]` → `[units]`, y = `scale` · x · w / |w|.
///
/// After a `UnitNormalization` that is `scale` times the cosine of the angle between the features and each class's weights: the
/// cosine classifier. How long a row is has no influence on what the layer computes, and its gradient is at right angles to it.
///
/// Source: Gidaris and Komodakis, arXiv:1804.09458; Chen et al., arXiv:1904.04232. The scale holds still, as in the latter.
public struct UnitDense: Layer {
  public static let kind = "UnitDense"
  public var name: String
  public var units: Int
  /// How far apart the scores of a right and a wrong direction are: 2 · `scale` at most.
  public var scale: Float

  public init(_ name: String, units: Int, scale: Float = 10) {
    self.name = name
    self.units = units
    self.scale = scale
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    _ = try width(of: inputs)
    guard units > 0 else {
      throw .invalidOption(layer: name, kind: Self.kind, option: "units", expected: "at least 1", found: "\(units)")
    }
    guard scale > 0, scale.isFinite else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "scale", expected: "a positive number", found: "\(scale)")
    }
    return [units]
  }

  /// The kernel, `[units, in]`.
  public func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    let count = try width(of: inputs)
    return [
      ParameterSpecification(
        layer: name, role: .kernel, shape: [units, count],
        initializer: .glorotUniform(fanIn: count, fanOut: units))
    ]
  }

  public func multiplyAdds(for inputs: [Shape]) throws(GraphError) -> Int {
    [try width(of: inputs), units].saturatingProduct
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }

  /// The kernel of the plain dense layer that computes the same: rows of the length `scale`.
  ///
  /// - Parameter kernel: `[units, in]`.
  public func plainKernel(_ kernel: Tensor) -> Tensor {
    let (rows, width) = (kernel.shape[0], kernel.shape[1])
    var elements = kernel.floats
    for row in 0..<rows {
      let range = row * width..<(row + 1) * width
      let length = elements[range].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let factor = Float(Double(scale) / max(length, Double(UnitNormalization.leastLength)))
      for index in range { elements[index] *= factor }
    }
    return Tensor(elements, shape: kernel.shape)
  }

  private func width(of inputs: [Shape]) throws(GraphError) -> Int {
    let input = try single(inputs)
    guard input.rank == 1 else {
      throw .inputRank(
        layer: name, kind: Self.kind, expected: "a vector [C] (flatten or pool a feature map first)", found: input)
    }
    return input[0]
  }
}
