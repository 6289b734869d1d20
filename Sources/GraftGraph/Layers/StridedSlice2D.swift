import GraftTensors

/// Every so many rows and columns, from the first on: `[C, H, W]` → `[C, ⌈H / stride⌉, ⌈W / stride⌉]`.
///
/// With `ChannelPadding` the shortcut without weights of He et al.'s networks for CIFAR (arXiv:1512.03385, option A).
public struct StridedSlice2D: Layer {
  public static let kind = "StridedSlice2D"
  public var name: String
  public var strides: Size2D

  public init(_ name: String, strides: Size2D) {
    self.name = name
    self.strides = strides
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try featureMap(inputs)
    let size = try slide(Window2D(size: 1, strides: strides), over: input)
    return [input[0], size.height, size.width]
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}

/// Channels of zeros before and after those of a feature map: `[C, H, W]` → `[before + C + after, H, W]`.
public struct ChannelPadding: Layer {
  public static let kind = "ChannelPadding"
  public var name: String
  public var before, after: Int

  public init(_ name: String, before: Int, after: Int) {
    self.name = name
    self.before = before
    self.after = after
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try featureMap(inputs)
    try validate([before, after], as: "padding")
    return [before + input[0] + after, input[1], input[2]]
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
