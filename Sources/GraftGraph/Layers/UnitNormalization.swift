import GraftTensors

/// Each position's channels divided by their Euclidean length, so that only their direction is left; `[C]` or `[C, H, W]`, the
/// shape stays. Where all are zero they stay zero.
///
/// Source: <https://keras.io/api/layers/normalization_layers/unit_normalization/>.
public struct UnitNormalization: Layer {
  public static let kind = "UnitNormalization"
  /// What a shorter length counts as.
  public static let leastLength: Float = 1e-12
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard input.rank == 1 || input.rank == 3 else {
      throw .inputRank(
        layer: name, kind: Self.kind, expected: "a feature map [C, H, W] or a vector [C]", found: input)
    }
    return input
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int {
    [try outputShape(of: inputs).count, 2].saturatingProduct
  }
}
