import GraftTensors

/// x · `scale` + `offset`; the shape stays.
///
/// Source: <https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/>.
public struct Rescaling: Layer {
  public static let kind = "Rescaling"
  public var name: String
  public var scale, offset: Float

  public init(_ name: String, scale: Float, offset: Float = 0) {
    self.name = name
    self.scale = scale
    self.offset = offset
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try single(inputs)
  }
}

/// (x − mean) / √variance with one mean and variance for each channel; `[C, H, W]` or `[C]`, the shape stays.
///
/// A standard deviation below 1e-7 counts as 1e-7.
/// Source: <https://keras.io/api/layers/preprocessing_layers/numerical/normalization/>.
public struct Normalization: Layer {
  public static let kind = "Normalization"
  public var name: String
  public var mean, variance: [Float]

  public init(_ name: String, mean: [Float], variance: [Float]) {
    self.name = name
    self.mean = mean
    self.variance = variance
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard input.rank == 1 || input.rank == 3 else {
      throw .inputRank(
        layer: name, kind: Self.kind, expected: "a feature map [C, H, W] or a vector [C]", found: input)
    }
    for (option, numbers) in [("mean", mean), ("variance", variance)] where numbers.count != input[0] {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: option, expected: "\(input[0]) numbers, one for each channel",
        found: "\(numbers)")
    }
    guard variance.allSatisfy({ $0 >= 0 }) else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "variance", expected: "no negative number", found: "\(variance)")
    }
    return input
  }
}
