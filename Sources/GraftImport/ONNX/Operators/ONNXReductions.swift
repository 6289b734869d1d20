import GraftGraph
import GraftTensors

extension ONNXOperators {
  static let reductions: [String: Converter] = [
    "ReduceMean": { try reduced($0, &$1, .mean) }, "ReduceSum": { try reduced($0, &$1, .sum) },
    "ReduceMax": { try reduced($0, &$1, .max) }, "ReduceMin": { try reduced($0, &$1, .min) },
    "ReduceSumSquare": sumOfSquares, "ReduceL2": length,
  ]

  private static func sumOfSquares(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let square = Activation(operation.name + "_square", .square)
    return try reduced(operation, &builder, .sum, of: builder.addElementwise(square, after: operation.activation(0)))
  }

  private static func length(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    try sumOfSquares(operation, &builder).map { sum in
      guard case .activation(let sum) = sum else { return sum }
      let root = Activation(operation.name + "_root", .squareRoot)
      return .activation(try builder.addElementwise(root, after: sum))
    }
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__ReduceMean.html> and its kin.
  private static func reduced(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder, _ kind: Reduction.Operation,
    of other: ONNXActivation? = nil
  ) throws -> [ONNXOperand] {
    let input = try other ?? operation.activation(0)
    let stated = try operation.integers("axes", orInput: 1) ?? []
    if stated.isEmpty, try operation.integer("noop_with_empty_axes", default: 0) != 0 { return [.activation(input)] }
    guard !stated.isEmpty else { throw ONNXRefusal("it works across the images of a batch (all axes)") }
    let seen = Set(try stated.map { try operation.imageAxis($0, rank: input.seenRank) })
    let axes = seen.map { input.axes[$0] }.sorted()
    let keeps = try operation.integer("keepdims", default: 1) != 0
    guard keeps || axes.count < input.shape.rank else {
      throw ONNXRefusal("it leaves one number an image without an axis")
    }
    let output: ONNXActivation
    switch (kind, axes, input.shape.rank) {
    case (.mean, [1, 2], 3):
      output = try builder.add(
        GlobalAveragePooling2D(operation.name, keepsDimensions: keeps), after: [input.node])
    case (.max, [1, 2], 3):
      output = try builder.add(GlobalMaxPooling2D(operation.name, keepsDimensions: keeps), after: [input.node])
    default:
      output = try builder.add(
        Reduction(operation.name, kind, axes: axes, keepsDimensions: keeps), after: [input.node])
    }
    if keeps { return [.activation(ONNXActivation(output.node, output.shape, axes: input.axes))] }
    // The axes that are left, renumbered.
    let left = input.shape.dimensions.indices.filter { !axes.contains($0) }
    let order = input.axes.compactMap { left.firstIndex(of: $0) }
    return [.activation(ONNXActivation(output.node, output.shape, axes: order))]
  }
}
