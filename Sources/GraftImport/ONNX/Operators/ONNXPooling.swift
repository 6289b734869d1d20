import GraftGraph
import GraftTensors

extension ONNXOperators {
  static let poolings: [String: Converter] = [
    "MaxPool": maxPool, "AveragePool": averagePool, "GlobalAveragePool": globalAverage, "GlobalMaxPool": globalMax,
  ]

  /// Source: <https://onnx.ai/onnx/operators/onnx__MaxPool.html>.
  private static func maxPool(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    guard !operation.produces(1) else { throw ONNXRefusal("it also gives the positions of the maxima") }
    let (input, window) = try poolingWindow(operation, &builder)
    var layer = MaxPooling2D(operation.name, size: window.size)
    layer.window = window
    return [.activation(try builder.add(layer, after: [input.node]))]
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__AveragePool.html>.
  private static func averagePool(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let (input, window) = try poolingWindow(operation, &builder)
    var layer = AveragePooling2D(
      operation.name, size: window.size, countsPadding: try operation.integer("count_include_pad", default: 0) != 0)
    layer.window = window
    return [.activation(try builder.add(layer, after: [input.node]))]
  }

  private static func poolingWindow(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> (ONNXActivation, Window2D) {
    guard let size = try operation.integers("kernel_shape") else {
      throw ONNXRefusal("its option kernel_shape is missing")
    }
    guard size.count == 2 else {
      throw ONNXRefusal("it pools along \(size.count) axes; only two are supported")
    }
    let input = try builder.featureMap(operation.activation(0))
    return (input, try operation.window(Size2D(height: size[0], width: size[1]), over: input.shape))
  }

  private static func globalAverage(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let input = try builder.featureMap(operation.activation(0))
    let layer = GlobalAveragePooling2D(operation.name, keepsDimensions: true)
    return [.activation(try builder.add(layer, after: [input.node]))]
  }

  private static func globalMax(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let input = try builder.featureMap(operation.activation(0))
    let layer = GlobalMaxPooling2D(operation.name, keepsDimensions: true)
    return [.activation(try builder.add(layer, after: [input.node]))]
  }
}
