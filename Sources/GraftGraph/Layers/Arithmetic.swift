import GraftTensors

/// The sum of two inputs or more.
///
/// Like all layers of this file it works element by element, and an input of `[C]` or `[C, 1, 1]` beside a feature map
/// `[C, H, W]` counts at every position, as squeeze-and-excite networks need it.
/// Source: <https://keras.io/api/layers/merging_layers/>.
public struct Add: Layer {
  public static let kind = "Add"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try joinedShape(inputs)
  }
}

/// The first input less the second.
public struct Subtract: Layer {
  public static let kind = "Subtract"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    guard inputs.count == 2 else {
      throw .inputCount(layer: name, kind: Self.kind, expected: "two inputs", found: inputs.count)
    }
    return try joinedShape(inputs)
  }
}

/// The product of two inputs or more.
public struct Multiply: Layer {
  public static let kind = "Multiply"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try joinedShape(inputs)
  }
}

/// The greatest of two inputs or more.
public struct Maximum: Layer {
  public static let kind = "Maximum"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try joinedShape(inputs)
  }
}

/// The least of two inputs or more.
public struct Minimum: Layer {
  public static let kind = "Minimum"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try joinedShape(inputs)
  }
}

/// The mean of two inputs or more.
public struct Average: Layer {
  public static let kind = "Average"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try joinedShape(inputs)
  }
}

extension Layer {
  /// The largest input's shape, which the others must have too, but for height and width.
  fileprivate func joinedShape(_ inputs: [Shape]) throws(GraphError) -> Shape {
    guard inputs.count > 1, let largest = inputs.max(by: { ($0.count, $0.rank) < ($1.count, $1.rank) }) else {
      throw .inputCount(layer: name, kind: Self.kind, expected: "two inputs or more", found: inputs.count)
    }
    for input in inputs where input != largest {
      guard largest.rank == 3, input == [largest[0]] || input == [largest[0], 1, 1] else {
        throw .inputsDiffer(layer: name, kind: Self.kind, expected: largest, found: input)
      }
    }
    return largest
  }
}
