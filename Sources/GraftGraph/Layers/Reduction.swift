import GraftTensors

/// The elements along some axes drawn together into one number: `[C, H, W]` over H and W → `[C]`, or `[C, 1, 1]`.
///
/// The mean or maximum of all positions is `GlobalAveragePooling2D` or `GlobalMaxPooling2D`. Of several equal maxima or
/// minima the first has the gradient, as in a pooling; TensorFlow and PyTorch share it among them.
/// Source: <https://onnx.ai/onnx/operators/onnx__ReduceMean.html> and its kin.
public struct Reduction: Layer {
  public enum Operation: String, Hashable, Sendable, Codable, CaseIterable {
    case mean, sum, max, min
  }

  public static let kind = "Reduction"
  public var name: String
  public var operation: Operation
  /// Of one image, counted from 0: the channels.
  public var axes: [Int]
  /// Whether the axes stay, with one element.
  public var keepsDimensions: Bool

  public init(_ name: String, _ operation: Operation, axes: [Int], keepsDimensions: Bool) {
    self.name = name
    self.operation = operation
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard !axes.isEmpty, Set(axes).count == axes.count, axes.allSatisfy(input.dimensions.indices.contains),
      keepsDimensions || axes.count < input.rank
    else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "axes", expected: "some of the axes of its input \(input), each once",
        found: "\(axes)")
    }
    return Shape(
      input.dimensions.indices.compactMap { axis in
        axes.contains(axis) ? (keepsDimensions ? 1 : nil) : input[axis]
      })
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try single(inputs).count }
}
