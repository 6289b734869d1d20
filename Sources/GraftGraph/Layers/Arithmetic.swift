import GraftTensors

/// The sum of two inputs or more.
///
/// Like all layers of this file it works element by element. Inputs of one rank are broadcast as in NumPy: a dimension of 1
/// counts for all positions along it. A vector `[C]` beside a feature map `[C, H, W]` is `[C, 1, 1]`, as
/// squeeze-and-excite networks need it. Source: <https://keras.io/api/layers/merging_layers/>.
public struct Add: Layer {
  public static let kind = "Add"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try joinedShape(inputs)
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try termCount(inputs) }
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

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try termCount(inputs) }
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

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try termCount(inputs) }
}

/// The greatest of two inputs or more. Of equal numbers the first has the gradient, as in TensorFlow.
public struct Maximum: Layer {
  public static let kind = "Maximum"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try joinedShape(inputs)
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try termCount(inputs) }
}

/// The least of two inputs or more. Of equal numbers the first has the gradient, as in TensorFlow.
public struct Minimum: Layer {
  public static let kind = "Minimum"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    try joinedShape(inputs)
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try termCount(inputs) }
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

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try termCount(inputs) }
}

/// The first input over the second.
public struct Divide: Layer {
  public static let kind = "Divide"
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

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try termCount(inputs) }
}

extension Layer {
  /// One for each input and each element of the output.
  fileprivate func termCount(_ inputs: [Shape]) throws(GraphError) -> Int {
    [try joinedShape(inputs).count, inputs.count].saturatingProduct
  }

  /// What the inputs' shapes broadcast to.
  fileprivate func joinedShape(_ inputs: [Shape]) throws(GraphError) -> Shape {
    guard inputs.count > 1, let rank = inputs.map(\.rank).max() else {
      throw .inputCount(layer: name, kind: Self.kind, expected: "two inputs or more", found: inputs.count)
    }
    let shapes = inputs.map { $0.rank == 1 && rank == 3 ? Shape([$0[0], 1, 1]) : $0 }
    var joined = [Int](repeating: 1, count: rank)
    for (shape, input) in zip(shapes, inputs) {
      guard shape.rank == rank else {
        throw .inputsDiffer(layer: name, kind: Self.kind, expected: Shape(joined), found: input)
      }
      for axis in 0..<rank where shape[axis] != 1 {
        guard joined[axis] == 1 || joined[axis] == shape[axis] else {
          throw .inputsDiffer(layer: name, kind: Self.kind, expected: Shape(joined), found: input)
        }
        joined[axis] = shape[axis]
      }
    }
    return Shape(joined)
  }
}
