import GraftFormats
import GraftGraph
import GraftTensors

extension ONNXOperators {
  static let normalizations: [String: Converter] = [
    "BatchNormalization": batchNormalization, "LRN": localResponse, "LpNormalization": unit,
  ]

  /// Source: <https://onnx.ai/onnx/operators/onnx__BatchNormalization.html>.
  private static func batchNormalization(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    guard try operation.integer("training_mode", default: 0) == 0, !(1..<5).contains(where: operation.produces) else {
      throw ONNXRefusal("it is in training mode; export the network for inference")
    }
    guard try operation.integer("spatial", default: 1) != 0 else {
      throw ONNXRefusal("it has a mean for each position (spatial = 0), not for each channel")
    }
    let roles: [ParameterSpecification.Role] = [.gamma, .beta, .movingMean, .movingVariance]
    var input = try operation.activation(0)
    input = input.shape.rank == 1 ? input : try builder.featureMap(input)
    let weights = try roles.enumerated().map { index, role in
      let tensor = try operation.required(index + 1, "its \(role.rawValue)")
      guard tensor.shape == [input.shape[0]] else {
        throw ONNXRefusal("its \(role.rawValue) has the shape \(tensor.shape), its input \(input.shape[0]) channels")
      }
      return (role, tensor, operation.node.inputs[index + 1])
    }
    let layer = BatchNormalization(
      operation.name, epsilon: try operation.float("epsilon", default: 1e-5),
      momentum: try operation.float("momentum", default: 0.9),
      movingVariance: builder.isFromPyTorch ? .unbiased : .biased)
    return [.activation(try builder.add(layer, after: [input.node], weights: weights))]
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__LpNormalization.html>.
  private static func unit(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    var input = try operation.activation(0)
    input = input.shape.rank == 1 ? input : try builder.featureMap(input)
    let (axis, order) = (
      try operation.integer("axis", default: -1), try operation.integer("p", default: 2)
    )
    guard order == 2 else { throw ONNXRefusal("it divides by the sum of magnitudes (p = \(order)), not by the length") }
    guard axis == 1 || axis == -input.shape.rank else {
      throw ONNXRefusal("its axis is \(axis), and the channels' is 1")
    }
    return [.activation(try builder.add(UnitNormalization(operation.name), after: [input.node]))]
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__LRN.html>.
  private static func localResponse(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let input = try builder.featureMap(operation.activation(0))
    let layer = LocalResponseNormalization(
      operation.name, size: try operation.integer("size", default: 0),
      alpha: try operation.float("alpha", default: 1e-4), beta: try operation.float("beta", default: 0.75),
      bias: try operation.float("bias", default: 1))
    return [.activation(try builder.add(layer, after: [input.node]))]
  }
}
