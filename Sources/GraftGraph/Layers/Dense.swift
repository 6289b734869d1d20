import GraftTensors

/// A fully connected layer: `[in]` → `[units]`.
///
/// Source: <https://keras.io/api/layers/core_layers/dense/>.
public struct Dense: Layer {
  public static let kind = "Dense"
  public var name: String
  public var units: Int
  public var usesBias: Bool
  public var activation: Activation.Function
  /// Whether fresh kernels are tiny (σ = 0.01). Right for a linear layer on pretrained features: all classes start nearly
  /// equal, no random direction has to be unlearnt, and yet a gradient reaches what lies before.
  public var startsSmall: Bool

  public init(
    _ name: String, units: Int, usesBias: Bool = true, activation: Activation.Function = .linear,
    startsSmall: Bool = false
  ) {
    self.name = name
    self.units = units
    self.usesBias = usesBias
    self.activation = activation
    self.startsSmall = startsSmall
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    _ = try vector(inputs)
    guard units > 0 else {
      throw .invalidOption(layer: name, kind: Self.kind, option: "units", expected: "at least 1", found: "\(units)")
    }
    return [units]
  }

  public func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    let count = try vector(inputs)[0]
    let kernel = ParameterSpecification(
      layer: name, role: .kernel, shape: [units, count],
      initializer: initializer(fanIn: count))
    let bias = ParameterSpecification(layer: name, role: .bias, shape: [units], initializer: .zeros)
    return usesBias ? [kernel, bias] : [kernel]
  }

  public func multiplyAdds(for inputs: [Shape]) throws(GraphError) -> Int {
    [try vector(inputs)[0], units].saturatingProduct
  }

  private func initializer(fanIn: Int) -> ParameterSpecification.Initializer {
    if startsSmall { return .normal(deviation: 0.01) }
    return activation.isRectifier ? .heNormal(fanIn: fanIn) : .glorotUniform(fanIn: fanIn, fanOut: units)
  }

  private func vector(_ inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard input.rank == 1 else {
      throw .inputRank(
        layer: name, kind: Self.kind, expected: "a vector [C] (flatten or pool a feature map first)", found: input)
    }
    return input
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int {
    activation == .linear ? 0 : try outputShape(of: inputs).count
  }
}
