import GraftTensors

/// Inputs stacked along one axis, the channels by default: `[C₁, H, W], [C₂, H, W], …` → `[ΣC, H, W]`.
public struct Concatenate: Layer {
  public static let kind = "Concatenate"
  public var name: String
  /// Of one image, counted from 0: the channels.
  public var axis: Int

  public init(_ name: String, axis: Int = 0) {
    self.name = name
    self.axis = axis
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    guard let first = inputs.first, inputs.count > 1 else {
      throw .inputCount(layer: name, kind: Self.kind, expected: "two inputs or more", found: inputs.count)
    }
    guard first.dimensions.indices.contains(axis) else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "axis", expected: "one of the \(first.rank) axes of its input \(first)",
        found: "\(axis)")
    }
    var output = first
    for input in inputs.dropFirst() {
      var others = input
      if input.rank == first.rank { others[axis] = first[axis] }
      guard others == first else {
        throw .inputsDiffer(layer: name, kind: Self.kind, expected: first, found: input)
      }
      output[axis] += input[axis]
    }
    return output
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}

/// Graphs that were saved when all were stacked along the channels have no axis.
extension Concatenate {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      container.decode(String.self, forKey: .name), axis: container.decodeIfPresent(Int.self, forKey: .axis) ?? 0)
  }
}
