import GraftFormats
import GraftGraph
import GraftTensors

extension ONNXOperators {
  static let arithmetic: [String: Converter] = [
    "Add": { try joined($0, &$1, .sum) }, "Sum": { try joined($0, &$1, .sum) },
    "Sub": { try joined($0, &$1, .difference) },
    "Mul": { try joined($0, &$1, .product) },
    "Div": { try joined($0, &$1, .quotient) },
    "Max": { try joined($0, &$1, .greatest) },
    "Min": { try joined($0, &$1, .least) },
    "Mean": { try joined($0, &$1, .mean) },
    "Neg": { try scaled($0, &$1, scale: -1, offset: 0) },
    "Pow": power,
  ]

  fileprivate enum Joint {
    case sum, difference, product, quotient, greatest, least, mean

    func layer(_ name: String) -> any Layer {
      switch self {
      case .sum: Add(name)
      case .difference: Subtract(name)
      case .product: Multiply(name)
      case .quotient: Divide(name)
      case .greatest: Maximum(name)
      case .least: Minimum(name)
      case .mean: Average(name)
      }
    }
  }

  private static func joined(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder, _ joint: Joint
  ) throws -> [ONNXOperand] {
    let operands = operation.inputs.compactMap { $0 }
    guard let head = operands.compactMap(\.activation).max(by: { $0.seenShape.count < $1.seenShape.count }) else {
      throw ONNXRefusal("it has no input")
    }
    if operands.count == 1 { return [.activation(head)] }
    // Before version 7 the second was aligned with an axis that an option names.
    let axis = operation.version < 7 ? try operation.integer("axis") : nil
    if operands.count == 2, let simple = try withNumber(operands, joint, operation, &builder) { return simple }
    var inputs: [String] = []
    for (index, operand) in operands.enumerated() {
      switch operand {
      case .activation(let activation):
        guard activation.seenRank == head.seenRank else {
          throw ONNXRefusal(
            "it joins activations of \(head.seenRank) and \(activation.seenRank) axes, so that the images of a batch "
              + "meet other axes")
        }
        // Aligned with the axes of the largest one.
        let order = head.shape.dimensions.indices.map { target in
          activation.axes[head.axes.firstIndex(of: target) ?? target]
        }
        inputs.append(try builder.arrange(activation, order).node)
      case .constant(let tensor):
        let shape = try imageShape(of: tensor, beside: head, axis: axis)
        let turned = tensor.reshaped(Shape(shape)).permuted(
          head.shape.dimensions.indices.map { head.axes.firstIndex(of: $0) ?? $0 })
        let constant = try builder.addConstant(
          turned, shape: turned.shape, name: operation.name + "_constant", source: operation.node.inputs[index])
        inputs.append(constant.node)
      case .extents: throw ONNXRefusal("it joins activations with the number of images")
      }
    }
    let output = try builder.add(any: joint.layer(operation.name), after: inputs)
    return [.activation(ONNXActivation(output.node, output.shape, axes: head.axes))]
  }

  /// With one number for all elements there is a layer of one input.
  private static func withNumber(
    _ operands: [ONNXOperand], _ joint: Joint, _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand]? {
    let isFirst: Bool
    let number: Float
    let activation: ONNXActivation
    switch (operands[0], operands[1]) {
    case (.activation(let input), .constant(let tensor)):
      guard tensor.shape.count == 1, tensor.shape.rank <= input.seenRank else { return nil }
      (isFirst, number, activation) = (false, tensor.floats[0], input)
    case (.constant(let tensor), .activation(let input)):
      guard tensor.shape.count == 1, tensor.shape.rank <= input.seenRank else { return nil }
      (isFirst, number, activation) = (true, tensor.floats[0], input)
    default: return nil
    }
    let layer: any Layer
    switch joint {
    case .sum: layer = Rescaling(operation.name, scale: 1, offset: number)
    case .difference:
      layer = Rescaling(operation.name, scale: isFirst ? -1 : 1, offset: isFirst ? number : -number)
    case .product: layer = Rescaling(operation.name, scale: number)
    case .quotient:
      guard !isFirst else {
        let inverse = try builder.addElementwise(
          Activation(operation.name + "_inverse", .power(exponent: -1)), after: activation)
        return [
          .activation(try builder.addElementwise(Rescaling(operation.name, scale: number), after: inverse))
        ]
      }
      layer = Rescaling(operation.name, scale: 1 / number)
    case .greatest:
      let function: Activation.Function = number == 0 ? .relu : .clip(min: number, max: .greatestFiniteMagnitude)
      layer = Activation(operation.name, function)
    case .least: layer = Activation(operation.name, .clip(min: -.greatestFiniteMagnitude, max: number))
    case .mean: layer = Rescaling(operation.name, scale: 0.5, offset: number / 2)
    }
    let output = try builder.add(any: layer, after: [activation.node])
    return [.activation(ONNXActivation(output.node, output.shape, axes: activation.axes))]
  }

  /// The shape of a constant beside one image, with as many axes, by NumPy's rules or those before version 7.
  private static func imageShape(of tensor: Tensor, beside head: ONNXActivation, axis: Int?) throws -> [Int] {
    var shape = tensor.shape.dimensions
    if let axis {
      let first = try ONNXFolding.axis(axis, rank: head.seenRank)
      let missing = head.seenRank - first - shape.count
      if missing > 0 { shape += [Int](repeating: 1, count: missing) }
    }
    guard shape.count <= head.seenRank else {
      throw ONNXRefusal("it joins activations of \(head.seenRank) axes with a constant \(tensor.shape) of more")
    }
    let full = [Int](repeating: 1, count: head.seenRank - shape.count) + shape
    guard full[0] == 1 else {
      throw ONNXRefusal("its constant \(tensor.shape) differs from image to image of a batch")
    }
    return Array(full.dropFirst())
  }

  private static func scaled(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder, scale: Float, offset: Float
  ) throws -> [ONNXOperand] {
    let layer = Rescaling(operation.name, scale: scale, offset: offset)
    return [.activation(try builder.addElementwise(layer, after: operation.activation(0)))]
  }

  private static func power(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    guard let exponent = try operation.floatInput(1, "its exponent") else {
      throw ONNXRefusal("its exponent is missing")
    }
    let function: Activation.Function =
      switch exponent {
      case 2: .square
      case 0.5: .squareRoot
      default: .power(exponent: exponent)
      }
    let layer = Activation(operation.name, function)
    return [.activation(try builder.addElementwise(layer, after: operation.activation(0)))]
  }
}

extension ONNXOperand {
  var activation: ONNXActivation? {
    guard case .activation(let activation) = self else { return nil }
    return activation
  }
}

extension ONNXGraphBuilder {
  mutating func add(any layer: any Layer, after inputs: [String]) throws -> ONNXActivation {
    try add(layer, after: inputs)
  }
}
