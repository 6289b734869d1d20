/// The extents of a tensor, outermost first: `[N, C, H, W]` for a batch of activations, `[O, I, H, W]` for a kernel.
public struct Shape: Hashable, Sendable {
  public var dimensions: [Int]

  public init(_ dimensions: [Int]) {
    self.dimensions = dimensions
  }

  public var rank: Int { dimensions.count }

  /// The number of elements: the product of all dimensions, 1 for a scalar. `Int.max` where it is larger, so that an
  /// absurd shape out of a file can be refused instead of ending the program.
  public var count: Int { dimensions.saturatingProduct }

  public subscript(axis: Int) -> Int {
    get { dimensions[axis] }
    set { dimensions[axis] = newValue }
  }

  /// Distances in elements between neighbours along each axis when the last axis is the densest ("C order").
  public var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// This shape with one more, outermost dimension: how an image's shape becomes a batch's.
  public func batched(_ count: Int) -> Shape {
    Shape([count] + dimensions)
  }
}

extension Sequence<Int> {
  /// The product, or `Int.max` where it is larger.
  public var saturatingProduct: Int {
    var product = 1
    for factor in self {
      let (result, overflows) = product.multipliedReportingOverflow(by: factor)
      if overflows { return .max }
      product = result
    }
    return product
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Int...) {
    self.init(elements)
  }
}

extension Shape: CustomStringConvertible {
  /// `[512, 7, 7]`.
  public var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}

extension Shape: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode([Int].self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }
}
