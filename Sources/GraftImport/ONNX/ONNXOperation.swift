import GraftFormats
import GraftGraph
import GraftTensors

/// A node with what its inputs are, for a converter to ask.
struct ONNXOperation {
  let node: ONNXNode
  /// Of the standard's operators.
  let version: Int
  /// Nil where an optional input is left out.
  let inputs: [ONNXOperand?]
  /// What to call the layer.
  let name: String

  func input(_ index: Int) -> ONNXOperand? {
    index < inputs.count ? inputs[index] : nil
  }

  func activation(_ index: Int) throws -> ONNXActivation {
    switch input(index) {
    case .activation(let activation)?: return activation
    case nil: throw ONNXRefusal("its input \(index + 1) is missing")
    default: throw ONNXRefusal("its input \(index + 1) is a constant, where the images' activations were expected")
    }
  }

  /// - Parameter what: for the message: "the kernel".
  func constant(_ index: Int, _ what: String) throws -> Tensor? {
    switch input(index) {
    case nil: return nil
    case .constant(let tensor)?: return tensor
    default: throw ONNXRefusal("\(what) is computed as the network runs; only constants are known here")
    }
  }

  func required(_ index: Int, _ what: String) throws -> Tensor {
    guard let tensor = try constant(index, what) else { throw ONNXRefusal("\(what) is missing") }
    return tensor
  }

  /// Whole numbers that an input holds.
  func extents(_ index: Int, _ what: String) throws -> [ONNXExtent]? {
    if case .extents(let extents)? = input(index) { return extents.elements }
    return try integerInput(index, what)?.map { .number($0) }
  }

  func integerInput(_ index: Int, _ what: String) throws -> [Int]? {
    guard let tensor = try constant(index, what) else { return nil }
    guard tensor.shape.count <= ONNXFolding.maximumCount else { throw ONNXRefusal("\(what) is too long") }
    return try ONNXNumbers(tensor).integers(what)
  }

  func floatInput(_ index: Int, _ what: String) throws -> Float? {
    guard let tensor = try constant(index, what) else { return nil }
    guard tensor.shape.count == 1 else { throw ONNXRefusal("\(what) is no single number") }
    return tensor.floats.first
  }

  // Options

  func float(_ option: String, default value: Float) throws -> Float {
    switch node.attributes[option] {
    case nil: return value
    case .float(let value)?: return value
    default: throw wrongType(option)
    }
  }

  func integer(_ option: String) throws -> Int? {
    switch node.attributes[option] {
    case nil: return nil
    case .integer(let value)?: return value
    default: throw wrongType(option)
    }
  }

  func integer(_ option: String, default value: Int) throws -> Int {
    try integer(option) ?? value
  }

  func integers(_ option: String) throws -> [Int]? {
    switch node.attributes[option] {
    case nil: return nil
    case .integers(let values)?: return values
    default: throw wrongType(option)
    }
  }

  func floats(_ option: String) throws -> [Float]? {
    switch node.attributes[option] {
    case nil: return nil
    case .floats(let values)?: return values
    default: throw wrongType(option)
    }
  }

  func text(_ option: String, default value: String) throws -> String {
    switch node.attributes[option] {
    case nil: return value
    case .text(let value)?: return value
    default: throw wrongType(option)
    }
  }

  /// Whole numbers that are an option in older versions of the operator and an input in newer ones.
  func integers(_ option: String, orInput index: Int) throws -> [Int]? {
    if let values = try integers(option) { return values }
    return try integerInput(index, "its \(option)")
  }

  private func wrongType(_ option: String) -> ONNXRefusal {
    ONNXRefusal("its option \(option) is of the wrong type")
  }

  // Axes

  /// An axis of an activation in ONNX's count, batch included, as one of one image.
  func imageAxis(_ axis: Int, rank: Int) throws -> Int {
    guard (-rank..<rank).contains(axis) else {
      throw ONNXRefusal("it works along axis \(axis) of a tensor of \(rank) axes")
    }
    let counted = axis < 0 ? axis + rank : axis
    guard counted > 0 else { throw ONNXRefusal("it works across the images of a batch (axis 0)") }
    return counted - 1
  }

  /// Whether somebody reads the output of that index.
  func produces(_ index: Int) -> Bool {
    index < node.outputs.count && !node.outputs[index].isEmpty
  }
}
