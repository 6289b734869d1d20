import GraftTensors

/// One step of a network as a value: what it computes, not how.
///
/// Shapes are those of one image, channels first (`[C, H, W]`, or `[C]` after pooling); how many images run together is
/// the engine's matter. A new kind of layer is one file in `Layers/`, a row in `LayerKind.all`, and a lowering in the
/// engine.
public protocol Layer: Hashable, Sendable, Codable {
  /// What the layer is called in a saved graph: Keras's class name.
  static var kind: String { get }

  /// Unique within a graph; the first part of the names of its parameters.
  var name: String { get set }

  /// The shape of the output for one image.
  ///
  /// - Throws: where the inputs' number or shapes do not suit the layer.
  func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape

  /// The tensors that the layer learns, in Keras's order.
  func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification]

  /// Multiplications paired with an addition for one image: the usual measure of a network's cost, in which only
  /// convolutions and dense layers count, and they without their biases.
  func multiplyAdds(for inputs: [Shape]) throws(GraphError) -> Int

  /// Numbers that are read and computed with, one by one, for one image, beside `multiplyAdds`: each element of the output
  /// of an activation or a normalisation, each element of each window of a pooling, each term of a sum; none where numbers
  /// are only moved. An activation within a convolution or a dense layer counts as one that follows it. Such work is
  /// bound by memory, so that one costs more than a multiply-add does.
  func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int

  /// Whether training draws random numbers here.
  var isStochastic: Bool { get }
}

extension Layer {
  public func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] { [] }
  public func multiplyAdds(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { try outputShape(of: inputs).count }
  public var isStochastic: Bool { false }

  func single(_ inputs: [Shape]) throws(GraphError) -> Shape {
    guard inputs.count == 1 else {
      throw .inputCount(layer: name, kind: Self.kind, expected: "one input", found: inputs.count)
    }
    return inputs[0]
  }

  /// The only input, which must be a feature map.
  func featureMap(_ inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard input.rank == 3 else {
      throw .inputRank(layer: name, kind: Self.kind, expected: "a feature map [C, H, W]", found: input)
    }
    return input
  }
}
