import GraftTensors

/// The same elements in another shape.
///
/// As in `Flatten`, the order is part of the meaning: channels-last networks read height, width, channel, and fill the new
/// shape in that order too. Source: <https://keras.io/api/layers/reshaping_layers/reshape/>.
public struct Reshape: Layer {
  public static let kind = "Reshape"
  public var name: String
  /// One image, channels first whatever the order: Keras's `(1, 1, 1024)` is `[1024, 1, 1]`.
  public var shape: Shape
  public var order: Flatten.Order

  public init(_ name: String, shape: Shape, order: Flatten.Order) {
    self.name = name
    self.shape = shape
    self.order = order
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard shape.rank > 0, shape.dimensions.allSatisfy({ $0 > 0 }), shape.count == input.count else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "shape",
        expected: "\(input.count) elements, as its input \(input) has", found: "\(shape)")
    }
    return shape
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}

/// The same elements with the axes in another order. Source: <https://keras.io/api/layers/reshaping_layers/permute/>.
public struct Permute: Layer {
  public static let kind = "Permute"
  public var name: String
  /// Which axis of one image, counted from 0 with the channels first, becomes each axis of the output.
  public var axes: [Int]

  public init(_ name: String, axes: [Int]) {
    self.name = name
    self.axes = axes
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard axes.sorted() == Array(0..<input.rank) else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "axes",
        expected: "each of the \(input.rank) axes of its input \(input) once", found: "\(axes)")
    }
    return Shape(axes.map { input[$0] })
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
