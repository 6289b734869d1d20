import GraftTensors

/// Every `step`-th element along one axis, from `begin` up to, not including, `end`.
///
/// Source: <https://onnx.ai/onnx/operators/onnx__Slice.html>; several axes are several layers.
public struct Slice: Layer {
  public static let kind = "Slice"
  public var name: String
  /// Of one image, counted from 0: the channels.
  public var axis: Int
  public var begin, end, step: Int

  public init(_ name: String, axis: Int, begin: Int, end: Int, step: Int = 1) {
    self.name = name
    self.axis = axis
    self.begin = begin
    self.end = end
    self.step = step
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard input.dimensions.indices.contains(axis) else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "axis", expected: "one of the \(input.rank) axes of its input \(input)",
        found: "\(axis)")
    }
    guard step > 0, begin >= 0, begin < end, end <= input[axis] else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "range", expected: "one within 0..<\(input[axis])",
        found: "\(begin)..<\(end) by \(step)")
    }
    var dimensions = input.dimensions
    dimensions[axis] = (end - begin - 1) / step + 1
    return Shape(dimensions)
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
