import GraftTensors

/// The mean over all positions of each channel: `[C, H, W]` → `[C]`, or `[C, 1, 1]`.
public struct GlobalAveragePooling2D: Layer {
  public static let kind = "GlobalAveragePooling2D"
  public var name: String
  /// Whether the output stays a feature map, `[C, 1, 1]`.
  public var keepsDimensions: Bool

  public init(_ name: String, keepsDimensions: Bool = false) {
    self.name = name
    self.keepsDimensions = keepsDimensions
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let channels = try featureMap(inputs)[0]
    return keepsDimensions ? [channels, 1, 1] : [channels]
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try featureMap(inputs).count }
}

/// The greatest value of each channel: `[C, H, W]` → `[C]`, or `[C, 1, 1]`.
public struct GlobalMaxPooling2D: Layer {
  public static let kind = "GlobalMaxPooling2D"
  public var name: String
  /// Whether the output stays a feature map, `[C, 1, 1]`.
  public var keepsDimensions: Bool

  public init(_ name: String, keepsDimensions: Bool = false) {
    self.name = name
    self.keepsDimensions = keepsDimensions
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let channels = try featureMap(inputs)[0]
    return keepsDimensions ? [channels, 1, 1] : [channels]
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try featureMap(inputs).count }
}

/// Graphs that were saved when the output was always a vector do not say so.
extension GlobalAveragePooling2D {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      container.decode(String.self, forKey: .name),
      keepsDimensions: container.decodeIfPresent(Bool.self, forKey: .keepsDimensions) ?? false)
  }
}

extension GlobalMaxPooling2D {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      container.decode(String.self, forKey: .name),
      keepsDimensions: container.decodeIfPresent(Bool.self, forKey: .keepsDimensions) ?? false)
  }
}
