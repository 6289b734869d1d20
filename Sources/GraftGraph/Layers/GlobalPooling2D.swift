import GraftTensors

/// The mean over all positions of each channel: `[C, H, W]` → `[C]`.
public struct GlobalAveragePooling2D: Layer {
  public static let kind = "GlobalAveragePooling2D"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    [try featureMap(inputs)[0]]
  }
}

/// The greatest value of each channel: `[C, H, W]` → `[C]`.
public struct GlobalMaxPooling2D: Layer {
  public static let kind = "GlobalMaxPooling2D"
  public var name: String

  public init(_ name: String) {
    self.name = name
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    [try featureMap(inputs)[0]]
  }
}
