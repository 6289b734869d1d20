import GraftFormats
import GraftGraph
import GraftTensors

extension ONNXOperators {
  /// What passes activations on as they are, at least when the network is used.
  static let identities: [String: Converter] = [
    "Identity": { operation, _ in [.activation(try operation.activation(0))] },
    "Cast": { operation, _ in
      try requireFloat(DataType(onnxCode: operation.integer("to", default: 0)))
      return [.activation(try operation.activation(0))]
    },
    "CastLike": { operation, _ in
      if case .constant(let like)? = operation.input(1) { try requireFloat(like.dataType) }
      return [.activation(try operation.activation(0))]
    },
    "Dropout": dropout,
  ]

  private static func requireFloat(_ target: DataType?) throws {
    guard let target, !target.isWhole else { throw ONNXRefusal("it rounds activations to whole numbers") }
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__Dropout.html>.
  private static func dropout(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let rate = try operation.floatInput(1, "its rate") ?? operation.float("ratio", default: 0.5)
    guard rate > 0 else { return [.activation(input)] }
    return [.activation(try builder.addElementwise(Dropout(operation.name, rate: rate), after: input))]
  }
}
