import GraftFormats
import GraftTensors

/// Computes, while the graph is built, what depends on no image: shapes, sizes, axes, weights in another form.
///
/// Source: <https://onnx.ai/onnx/operators/>.
struct ONNXFolding {
  /// Elements that one constant may have to be computed with. What is larger are weights, which are only looked at from
  /// another side.
  static let maximumCount = 1 << 22
  /// Elements that all together may make, so that no file keeps the importer busy.
  private static let maximumTotal = 1 << 26

  typealias Operator = @Sendable (ONNXOperation, [ONNXNumbers]) throws -> [ONNXNumbers]

  static let operators: [String: Operator] = structural.merging(arithmetic) { first, _ in first }

  private var total = 0

  /// Whether the operator can be computed here.
  static func knows(_ operatorType: String) -> Bool {
    operators[operatorType] != nil || operatorType == "Constant" || views.contains(operatorType)
  }

  /// - Returns: nil where the operator is not known here.
  mutating func fold(_ operation: ONNXOperation) throws -> [ONNXOperand]? {
    let type = operation.node.operatorType
    if type == "Constant" { return [try constant(operation.node)] }
    if Self.views.contains(type), case .constant(let tensor)? = operation.input(0),
      tensor.shape.count > 1024, let view = try view(of: tensor, operation)
    {
      return [.constant(view)]
    }
    if let filled = try filled(operation) { return [.constant(filled)] }
    guard let compute = Self.operators[type] else { return nil }
    let inputs = try operation.inputs.map { operand -> ONNXNumbers in
      switch operand {
      case .constant(let tensor)?:
        guard tensor.shape.count <= Self.maximumCount else { throw Self.tooLarge }
        return ONNXNumbers(tensor)
      case .extents(let extents)?:
        return ONNXNumbers(.whole(extents.elements), shape: extents.shape, dataType: .int64)
      case nil: return ONNXNumbers([], dataType: .int64)
      case .activation?: throw ONNXRefusal("it computes with the images' activations")
      }
    }
    let results = try compute(operation, inputs)
    for result in results {
      total += result.count + 1
      guard total <= Self.maximumTotal else { throw Self.tooLarge }
    }
    return try results.map { try $0.operand() }
  }

  static var tooLarge: ONNXRefusal { ONNXRefusal("it computes more numbers than any network needs before it runs") }

  /// - Throws: where an array of that shape would be too large.
  static func checkedCount(_ shape: [Int]) throws -> Int {
    guard shape.allSatisfy({ $0 >= 0 }), shape.count <= 32 else {
      throw ONNXRefusal("it asks for the impossible shape \(Shape(shape))")
    }
    let count = shape.saturatingProduct
    guard count <= maximumCount else { throw tooLarge }
    return count
  }

  /// A ConstantOfShape of any size, as some files have in the place of weights.
  private func filled(_ operation: ONNXOperation) throws -> Tensor? {
    guard operation.node.operatorType == "ConstantOfShape", let shape = try operation.integerInput(0, "its shape"),
      shape.allSatisfy({ $0 >= 0 }), (Self.maximumCount..<1 << 32).contains(shape.saturatingProduct)
    else { return nil }
    guard let attribute = operation.node.attributes["value"] else { return Tensor(repeating: 0, shape: Shape(shape)) }
    guard case .tensor(let value) = attribute, value.shape.count == 1 else { return nil }
    return Tensor(repeating: value.floats[0], shape: Shape(shape))
  }

  private func constant(_ node: ONNXNode) throws -> ONNXOperand {
    for (name, attribute) in node.attributes {
      switch (name, attribute) {
      case ("value", .tensor(let tensor)): return .constant(tensor)
      case ("value_float", .float(let value)): return .constant(Tensor([value], shape: []))
      case ("value_floats", .floats(let values)): return .constant(Tensor(values, shape: [values.count]))
      case ("value_int", .integer(let value)): return try ONNXNumbers([value], shape: []).operand()
      case ("value_ints", .integers(let values)): return try ONNXNumbers(values).operand()
      default: continue
      }
    }
    throw ONNXRefusal("its constant is text, a sparse tensor, or missing")
  }
}

// Weights: no number is touched.
extension ONNXFolding {
  private static let views: Set<String> = [
    "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Cast",
  ]

  private func view(of tensor: Tensor, _ operation: ONNXOperation) throws -> Tensor? {
    let shape = tensor.shape.dimensions
    switch operation.node.operatorType {
    case "Identity": return tensor
    case "Cast":
      // Weights compute as float32 in any case.
      let target = DataType(onnxCode: try operation.integer("to", default: 0))
      return target?.isWhole == false && !tensor.dataType.isWhole ? tensor : nil
    case "Transpose":
      let axes = try operation.integers("perm") ?? shape.indices.reversed()
      guard axes.sorted() == Array(shape.indices) else { throw ONNXRefusal("it transposes along \(axes)") }
      return tensor.permuted(axes)
    case "Reshape":
      let target = try operation.integers("shape") ?? operation.integerInput(1, "its shape") ?? []
      let allowsZero = try operation.integer("allowzero", default: 0) != 0
      return tensor.reshaped(Shape(try resolved(target, of: shape, allowsZero: allowsZero)))
    case "Flatten":
      let axis = try ONNXFolding.axis(operation.integer("axis", default: 1), rank: shape.count + 1)
      return tensor.reshaped([shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)])
    case "Squeeze":
      return tensor.reshaped(Shape(try squeezed(shape, operation.integers("axes", orInput: 1))))
    default:
      guard let axes = try operation.integers("axes", orInput: 1) else { return nil }
      return tensor.reshaped(Shape(try unsqueezed(shape, axes)))
    }
  }

  /// An axis counted from either end.
  static func axis(_ axis: Int, rank: Int) throws -> Int {
    guard (-rank..<rank).contains(axis) else {
      throw ONNXRefusal("it works along axis \(axis) of a tensor of \(rank) axes")
    }
    return axis < 0 ? axis + rank : axis
  }
}

/// What a Reshape to `target` makes of `shape`: 0 stands for what was there, −1 for the rest.
func resolved(_ target: [Int], of shape: [Int], allowsZero: Bool = false) throws -> [Int] {
  var result = target
  if !allowsZero {
    for (index, size) in target.enumerated() where size == 0 && index < shape.count { result[index] = shape[index] }
  }
  let count = shape.saturatingProduct
  if let free = result.firstIndex(of: -1) {
    let others = result.indices.filter { $0 != free }.map { result[$0] }
    let product = others.saturatingProduct
    guard product > 0, count % product == 0 else {
      throw ONNXRefusal("it reshapes \(Shape(shape)) to \(Shape(target)), which has not as many elements")
    }
    result[free] = count / product
  }
  guard result.allSatisfy({ $0 >= 0 }), result.saturatingProduct == count else {
    throw ONNXRefusal("it reshapes \(Shape(shape)) to \(Shape(target)), which has not as many elements")
  }
  return result
}

/// `shape` without the axes, or without all of one element where none are named.
func squeezed(_ shape: [Int], _ axes: [Int]?) throws -> [Int] {
  guard let axes else { return shape.filter { $0 != 1 } }
  let chosen = Set(try axes.map { try ONNXFolding.axis($0, rank: shape.count) })
  guard chosen.allSatisfy({ shape[$0] == 1 }) else {
    throw ONNXRefusal("it squeezes \(Shape(shape)) along \(axes), which have more than one element")
  }
  return shape.indices.filter { !chosen.contains($0) }.map { shape[$0] }
}

/// `shape` with axes of one element, at those places of the result.
func unsqueezed(_ shape: [Int], _ axes: [Int]) throws -> [Int] {
  let rank = shape.count + axes.count
  let chosen = Set(try axes.map { try ONNXFolding.axis($0, rank: rank) })
  guard chosen.count == axes.count else { throw ONNXRefusal("it adds an axis twice: \(axes)") }
  var rest = shape[...]
  return (0..<rank).map { chosen.contains($0) ? 1 : rest.removeFirst() }
}
