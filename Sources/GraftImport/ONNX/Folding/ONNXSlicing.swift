/// What a Slice takes of each axis.
///
/// Source: <https://onnx.ai/onnx/operators/onnx__Slice.html>; bounds beyond the ends are brought to them, as there.
struct ONNXSlicing {
  struct Part {
    let axis: Int
    let begin, end, step: Int

    /// The elements taken of an axis of that size.
    func indices(_ size: Int) -> [Int] {
      func counted(_ bound: Int) -> Int { bound < 0 ? bound.addingReportingOverflow(size).partialValue : bound }
      if step > 0 {
        let begin = min(max(counted(begin), 0), size)
        let end = min(max(counted(end), begin), size)
        return Array(stride(from: begin, to: end, by: step))
      }
      let begin = min(max(counted(begin), -1), size - 1)
      let end = min(max(counted(end), -1), begin)
      return Array(stride(from: begin, to: end, by: max(step, -size - 1)))
    }
  }

  let parts: [Part]

  init(_ operation: ONNXOperation, rank: Int) throws {
    guard let starts = try operation.integers("starts", orInput: 1),
      let ends = try operation.integers("ends", orInput: 2)
    else { throw ONNXRefusal("its bounds are missing") }
    let axes = try operation.integers("axes", orInput: 3) ?? Array(starts.indices)
    let steps = try operation.integerInput(4, "its steps") ?? starts.map { _ in 1 }
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count,
      steps.allSatisfy({ $0 != 0 })
    else { throw ONNXRefusal("its bounds, axes and steps do not fit together") }
    parts = try starts.indices.map { index in
      Part(
        axis: try ONNXFolding.axis(axes[index], rank: rank), begin: starts[index], end: ends[index],
        step: steps[index])
    }
  }
}
