import GraftTensors

/// Inputs stacked along the channels: `[C₁, H, W], [C₂, H, W], …` → `[ΣC, H, W]`.
public struct Concatenate: Layer {
  public static let kind = "Concatenate"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    guard let first = inputs.first, inputs.count > 1 else {
      throw .inputCount(layer: name, kind: Self.kind, expected: "two inputs or more", found: inputs.count)
    }
    for input in inputs where input.dimensions.dropFirst() != first.dimensions.dropFirst() {
      throw .inputsDiffer(layer: name, kind: Self.kind, expected: first, found: input)
    }
    var output = first
    output[0] = inputs.reduce(0) { $0 + $1[0] }
    return output
  }
}
