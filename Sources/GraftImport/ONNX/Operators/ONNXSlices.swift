import GraftGraph
import GraftTensors

extension ONNXOperators {
  static let slices: [String: Converter] = ["Slice": slice, "Split": split, "Gather": gather]

  private static func slice(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    var value = try operation.activation(0)
    for part in try ONNXSlicing(operation, rank: value.seenRank).parts {
      if part.axis == 0 {
        // All images, however many: the whole range, in steps of one.
        guard part.begin == 0, part.step == 1, part.end == .max || part.end >= Int(Int32.max) else {
          throw ONNXRefusal("it takes some of the images of a batch")
        }
        continue
      }
      let axis = value.axes[part.axis - 1]
      let size = value.shape[axis]
      guard part.step > 0 else { throw ONNXRefusal("it reverses an axis") }
      let taken = part.indices(min(size, ONNXFolding.maximumCount))
      guard let first = taken.first, let last = taken.last else {
        throw ONNXRefusal("it takes nothing of \(size) elements")
      }
      value = try sliced(value, axis, first..<last + 1, step: part.step, name: operation.name, &builder)
    }
    return [.activation(value)]
  }

  private static func split(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let counted = try operation.imageAxis(operation.integer("axis", default: 0), rank: input.seenRank)
    let axis = input.axes[counted]
    return try ONNXFolding.splitSizes(operation, size: input.shape[axis]).map { range in
      guard !range.isEmpty else { throw ONNXRefusal("one of its parts is empty") }
      return .activation(try sliced(input, axis, range, step: 1, name: operation.name, &builder))
    }
  }

  /// Some positions along an axis, which are one after another; one alone may take its axis away.
  private static func gather(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    if case .constant? = operation.input(0) {
      throw ONNXRefusal("it looks numbers up in a table, as networks for words do")
    }
    let input = try operation.activation(0)
    let indices = try operation.required(1, "its list of positions")
    let counted = try operation.imageAxis(operation.integer("axis", default: 0), rank: input.seenRank)
    let axis = input.axes[counted]
    let size = input.shape[axis]
    let wanted = try ONNXNumbers(indices).integers("its positions").map { $0 < 0 ? $0 + size : $0 }
    guard indices.shape.rank <= 1, wanted.count <= 64, !wanted.isEmpty, wanted.allSatisfy({ (0..<size).contains($0) })
    else { throw ONNXRefusal("it takes elements in a way for which there is no layer") }
    // Runs of neighbours, each one slice.
    var runs: [Range<Int>] = []
    for index in wanted {
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    let parts = try runs.map { try sliced(input, axis, $0, step: 1, name: operation.name, &builder) }
    if indices.shape.rank == 0 {
      var shape = input.seenShape.dimensions
      shape.remove(at: counted)
      return [.activation(try reshaped(parts[0], to: shape, operation, &builder))]
    }
    if parts.count == 1 { return [.activation(parts[0])] }
    let order = [axis] + input.shape.dimensions.indices.filter { $0 != axis }
    let inputs = try parts.map { try builder.arrange($0, order) }
    let output = try builder.add(Concatenate(operation.name), after: inputs.map(\.node))
    return [.activation(ONNXActivation(output.node, output.shape, axes: inputs[0].axes))]
  }

  private static func sliced(
    _ value: ONNXActivation, _ axis: Int, _ range: Range<Int>, step: Int, name: String,
    _ builder: inout ONNXGraphBuilder
  ) throws -> ONNXActivation {
    if range == 0..<value.shape[axis], step == 1 { return value }
    let layer = Slice(name, axis: axis, begin: range.lowerBound, end: range.upperBound, step: step)
    return try builder.addElementwise(layer, after: value)
  }
}
