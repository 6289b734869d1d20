import GraftTensors

/// All elements in one row: `[C, H, W]` → `[C·H·W]`.
///
/// The order is part of the meaning: a dense layer that follows has one row of weights for each position. Keras's
/// channels-last networks read height, then width, then channel; Theano, PyTorch and ONNX read the channel first.
public struct Flatten: Layer {
  public enum Order: String, Hashable, Sendable, Codable {
    case channelsFirst, channelsLast
  }

  public static let kind = "Flatten"
  public var name: String
  public var order: Order

  public init(_ name: String, order: Order) {
    self.name = name
    self.order = order
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    [try single(inputs).count]
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
