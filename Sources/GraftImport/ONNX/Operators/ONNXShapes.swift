import GraftFormats
import GraftGraph
import GraftTensors

extension ONNXOperators {
  /// What changes an activation's shape and none of its numbers.
  static let shapes: [String: Converter] = [
    "Shape": shape, "Reshape": reshape, "Flatten": flatten, "Squeeze": squeeze, "Unsqueeze": unsqueeze,
    "Transpose": transpose, "Concat": concatenate, "Expand": expand, "DepthToSpace": depthToSpace,
    "SpaceToDepth": spaceToDepth,
  ]

  private static func shape(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let shape = try operation.activation(0).seenShape.dimensions
    let extents = [.batch] + shape.map { ONNXExtent.number($0) }
    let part = Array(extents[try ONNXFolding.bounds(operation, rank: extents.count)])
    return [try ONNXNumbers(.whole(part), shape: [part.count], dataType: .int64).operand()]
  }

  private static func reshape(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let extents =
      try operation.integers("shape")?.map { ONNXExtent.number($0) } ?? operation.extents(1, "its shape") ?? []
    let allowsZero = try operation.integer("allowzero", default: 0) != 0
    guard let batch = extents.first else { throw ONNXRefusal("it leaves no axis for the images of a batch") }
    var target: [Int] = []
    for (index, extent) in extents.dropFirst().enumerated() {
      switch extent {
      case .number(0) where !allowsZero:
        guard index < input.seenShape.rank else { throw ONNXRefusal("it copies axis \(index + 1), which is missing") }
        target.append(input.seenShape[index])
      case .number(let size): target.append(size)
      case .batch, .unknown: throw ONNXRefusal("it mixes the images of a batch with other axes")
      }
    }
    let count = input.seenShape.count
    switch batch {
    case .batch, .number(0): break
    case .number(-1):
      guard !target.contains(-1), target.saturatingProduct == count else {
        throw ONNXRefusal("it mixes the images of a batch with other axes")
      }
    case .number(let size):
      // A file for batches of one size; with the rest left open any size will do.
      let fits = size == builder.batchSize || size == 1 && builder.batchSize == nil
      guard fits, target.contains(-1) || target.saturatingProduct == count else {
        throw ONNXRefusal("it mixes the images of a batch with other axes")
      }
    case .unknown:
      guard !target.contains(-1), target.saturatingProduct == count else {
        throw ONNXRefusal("it mixes the images of a batch with other axes")
      }
    }
    return [.activation(try reshaped(input, to: resolved(target, of: [count]), operation, &builder))]
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__Flatten.html>.
  private static func flatten(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let rank = input.seenRank
    let axis = try operation.integer("axis", default: 1)
    guard axis == 1 || axis == 1 - rank else {
      throw ONNXRefusal("it flattens from axis \(axis) on, and so mixes the images of a batch")
    }
    return [.activation(try flattened(input, operation, &builder))]
  }

  private static func squeeze(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    // The batch as an axis that cannot be squeezed.
    let whole = [2] + input.seenShape.dimensions
    if let axes = try operation.integers("axes", orInput: 1) {
      for axis in axes { _ = try operation.imageAxis(axis, rank: input.seenRank) }
      return [.activation(try reshaped(input, to: Array(squeezed(whole, axes).dropFirst()), operation, &builder))]
    }
    guard builder.batchSize != 1 else { throw ONNXRefusal("it takes away all axes of one element, the batch included") }
    return [.activation(try reshaped(input, to: Array(squeezed(whole, nil).dropFirst()), operation, &builder))]
  }

  private static func unsqueeze(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let axes = try operation.integers("axes", orInput: 1) ?? []
    let rank = input.seenRank + axes.count
    for axis in axes { _ = try operation.imageAxis(axis, rank: rank) }
    let target = try unsqueezed([2] + input.seenShape.dimensions, axes).dropFirst()
    return [.activation(try reshaped(input, to: Array(target), operation, &builder))]
  }

  /// No layer at all: what follows sees the same node from another side.
  private static func transpose(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let order = try operation.integers("perm") ?? (0..<input.seenRank).reversed()
    guard order.sorted() == Array(0..<input.seenRank) else { throw ONNXRefusal("it transposes along \(order)") }
    guard order[0] == 0 else { throw ONNXRefusal("it moves the axis of the batch") }
    let axes = order.dropFirst().map { input.axes[$0 - 1] }
    return [.activation(ONNXActivation(input.node, input.shape, axes: axes))]
  }

  private static func concatenate(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let operands = operation.inputs.compactMap { $0 }
    guard let head = operands.compactMap(\.activation).first else { throw ONNXRefusal("it has no input") }
    let axis = try operation.imageAxis(operation.integer("axis", default: 1), rank: head.seenRank)
    if operands.count == 1 { return [.activation(head)] }
    // The axis that is joined comes first; the others as the first input has them.
    let stored = head.axes[axis]
    let target = [stored] + head.shape.dimensions.indices.filter { $0 != stored }
    let inputs = try operands.map { operand -> String in
      guard let activation = operand.activation else {
        throw ONNXRefusal("it joins activations with a constant")
      }
      guard activation.seenRank == head.seenRank else { throw ONNXRefusal("it joins activations of different ranks") }
      let order = target.map { activation.axes[head.axes.firstIndex(of: $0) ?? $0] }
      return try builder.arrange(activation, order).node
    }
    let output = try builder.add(Concatenate(operation.name), after: inputs)
    let axes = head.axes.map { target.firstIndex(of: $0) ?? $0 }
    return [.activation(ONNXActivation(output.node, output.shape, axes: axes))]
  }

  private static func expand(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    guard let extents = try operation.extents(1, "its shape"), extents.count <= input.seenRank else {
      throw ONNXRefusal("it adds axes before the batch")
    }
    let wanted = [ONNXExtent](repeating: .number(1), count: input.seenRank - extents.count) + extents
    guard [.batch, .number(1), .number(builder.batchSize ?? 1)].contains(wanted[0]) else {
      throw ONNXRefusal("it repeats the images of a batch")
    }
    var target = input.shape
    for (axis, extent) in wanted.dropFirst().enumerated() {
      guard case .number(let size) = extent, size >= 1 else { throw ONNXRefusal("its shape is not known") }
      let own = input.seenShape[axis]
      guard own == size || own == 1 || size == 1 else {
        throw ONNXRefusal("it expands \(input.seenShape) along axis \(axis + 1) to \(size)")
      }
      target[input.axes[axis]] = max(own, size)
    }
    if target == input.shape { return [.activation(input)] }
    _ = try ONNXFolding.checkedCount(target.dimensions)
    let zeros = try builder.addConstant(
      Tensor(zeros: target), shape: target, name: operation.name + "_constant", source: operation.node.outputs[0])
    let output = try builder.add(Add(operation.name), after: [input.node, zeros.node])
    return [.activation(ONNXActivation(output.node, output.shape, axes: input.axes))]
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__DepthToSpace.html>.
  private static func depthToSpace(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let input = try builder.featureMap(operation.activation(0))
    let block = try operation.integer("blocksize", default: 0)
    guard (1...1 << 10).contains(block), input.shape[0] % (block * block) == 0 else {
      throw ONNXRefusal("its blocksize \(block) does not suit \(input.shape[0]) channels")
    }
    let (channels, height, width) = (input.shape[0] / (block * block), input.shape[1], input.shape[2])
    let isColumnFirst = try operation.text("mode", default: "DCR") == "CRD"
    let split =
      isColumnFirst ? [channels, block, block, height, width] : [block, block, channels, height, width]
    let apart = try builder.add(
      Reshape(operation.name + "_split", shape: Shape(split), order: .channelsFirst), after: [input.node])
    let turned = try builder.add(
      Permute(operation.name + "_permuted", axes: isColumnFirst ? [0, 3, 1, 4, 2] : [2, 3, 0, 4, 1]),
      after: [apart.node])
    let joined = Reshape(operation.name, shape: [channels, height * block, width * block], order: .channelsFirst)
    return [.activation(try builder.add(joined, after: [turned.node]))]
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html>.
  private static func spaceToDepth(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let input = try builder.featureMap(operation.activation(0))
    let block = try operation.integer("blocksize", default: 0)
    guard (1...1 << 10).contains(block), input.shape[1] % block == 0, input.shape[2] % block == 0 else {
      throw ONNXRefusal("its blocksize \(block) does not divide \(input.shape[1])×\(input.shape[2])")
    }
    let (channels, height, width) = (input.shape[0], input.shape[1] / block, input.shape[2] / block)
    let isColumnFirst = try operation.text("mode", default: "DCR") == "CRD"
    let apart = try builder.add(
      Reshape(operation.name + "_split", shape: [channels, height, block, width, block], order: .channelsFirst),
      after: [input.node])
    let turned = try builder.add(
      Permute(operation.name + "_permuted", axes: isColumnFirst ? [0, 2, 4, 1, 3] : [2, 4, 0, 1, 3]),
      after: [apart.node])
    let joined = Reshape(operation.name, shape: [channels * block * block, height, width], order: .channelsFirst)
    return [.activation(try builder.add(joined, after: [turned.node]))]
  }
}

/// All numbers of an image in one row, in ONNX's order.
func flattened(
  _ input: ONNXActivation, _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
) throws -> ONNXActivation {
  if input.shape.rank == 1 { return input }
  if input.isChannelsLast {
    return try builder.add(Flatten(operation.name, order: .channelsLast), after: [input.node])
  }
  let value = try builder.inOrder(input)
  return try builder.add(Flatten(operation.name, order: .channelsFirst), after: [value.node])
}

/// The activation under another shape of as many elements, in ONNX's order.
func reshaped(
  _ input: ONNXActivation, to target: [Int], _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
) throws -> ONNXActivation {
  if target == input.seenShape.dimensions { return input }
  guard !target.isEmpty else { throw ONNXRefusal("it leaves one number an image without an axis") }
  if target.count == 1 { return try flattened(input, operation, &builder) }
  // Axes of one element come and go without moving a number: the order stays what it was.
  let value = try builder.inOrder(input)
  return try builder.add(
    Reshape(operation.name, shape: Shape(target), order: .channelsFirst), after: [value.node])
}
