import GraftTensors

/// Elements added at both ends of each axis.
///
/// Zeros around a feature map, which a convolution can take over, are `ZeroPadding2D`.
/// Source: <https://onnx.ai/onnx/operators/onnx__Pad.html>.
public struct Pad: Layer {
  public enum Mode: Hashable, Sendable, Codable {
    case constant(Float)
    /// The input mirrored in its outermost element, which is not repeated.
    case reflect
    /// The outermost element over and over.
    case edge
  }

  public static let kind = "Pad"
  public var name: String
  /// For each axis of one image, the channels first.
  public var before, after: [Int]
  public var mode: Mode

  public init(_ name: String, before: [Int], after: [Int], mode: Mode) {
    self.name = name
    self.before = before
    self.after = after
    self.mode = mode
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    var dimensions = input.dimensions
    for (option, amounts) in [("before", before), ("after", after)] {
      guard amounts.count == input.rank, amounts.allSatisfy({ (0...Self.largestAmount).contains($0) }) else {
        throw .invalidOption(
          layer: name, kind: Self.kind, option: option,
          expected: "a number from 0 on for each of the \(input.rank) axes of its input \(input)", found: "\(amounts)")
      }
      for axis in dimensions.indices {
        guard mode != .reflect || amounts[axis] < input[axis] else {
          throw .invalidOption(
            layer: name, kind: Self.kind, option: option,
            expected: "less than the \(input[axis]) elements that there are to mirror", found: "\(amounts[axis])")
        }
        dimensions[axis] += amounts[axis]
      }
    }
    return Shape(dimensions)
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
