import GraftGraph
import GraftTensors

extension ONNXOperators {
  static let paddings: [String: Converter] = ["Pad": pad]

  /// Source: <https://onnx.ai/onnx/operators/onnx__Pad.html>.
  private static func pad(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    var value = try operation.activation(0)
    let rank = value.seenRank
    guard let pads = try operation.integers("pads") ?? operation.integers("paddings", orInput: 1) else {
      throw ONNXRefusal("its amounts are missing")
    }
    let axes =
      try operation.integerInput(3, "its axes")?.map { try ONNXFolding.axis($0, rank: rank) } ?? Array(0..<rank)
    guard pads.count == 2 * axes.count, pads.allSatisfy({ (-1 << 20...1 << 20).contains($0) }) else {
      throw ONNXRefusal("its amounts \(pads) do not suit \(rank) axes")
    }
    var before = [Int](repeating: 0, count: value.shape.rank)
    var after = before
    for (index, axis) in axes.enumerated() {
      let (first, last) = (pads[index], pads[axes.count + index])
      guard axis > 0 || first == 0 && last == 0 else { throw ONNXRefusal("it adds images to a batch") }
      guard axis > 0 else { continue }
      before[value.axes[axis - 1]] = first
      after[value.axes[axis - 1]] = last
    }
    // Less than nothing is a crop.
    for axis in before.indices where before[axis] < 0 || after[axis] < 0 {
      let (begin, end) = (max(-before[axis], 0), value.shape[axis] - max(-after[axis], 0))
      guard begin < end else { throw ONNXRefusal("it crops more than there is") }
      let crop = Slice(operation.name + "_crop", axis: axis, begin: begin, end: end)
      value = try builder.addElementwise(crop, after: value)
      before[axis] = max(before[axis], 0)
      after[axis] = max(after[axis], 0)
    }
    guard (before + after).contains(where: { $0 > 0 }) else { return [.activation(value)] }
    let mode: Pad.Mode
    switch try operation.text("mode", default: "constant") {
    case "constant": mode = .constant(try operation.floatInput(2, "its value") ?? operation.float("value", default: 0))
    case "reflect": mode = .reflect
    case "edge": mode = .edge
    case let other: throw ONNXRefusal("its mode “\(other)” is not supported")
    }
    if mode == .constant(0), value.shape.rank == 3, before[0] == 0, after[0] == 0 {
      let layer = ZeroPadding2D(
        operation.name, top: before[1], bottom: after[1], left: before[2], right: after[2])
      return [.activation(try builder.addElementwise(layer, after: value))]
    }
    let layer = Pad(operation.name, before: before, after: after, mode: mode)
    return [.activation(try builder.addElementwise(layer, after: value))]
  }
}
