import GraftFormats
import GraftTensors

// What moves numbers without changing them.
extension ONNXFolding {
  static let structural: [String: Operator] = [
    "Identity": { _, inputs in [try first(inputs)] },
    "Cast": { operation, inputs in
      [try cast(first(inputs), to: DataType(onnxCode: operation.integer("to", default: 0)))]
    },
    "CastLike": { _, inputs in
      guard inputs.count == 2 else { throw ONNXRefusal("it lacks an input") }
      return [try cast(inputs[0], to: inputs[1].dataType)]
    },
    "Shape": { operation, inputs in
      let shape = try first(inputs).shape
      let range = try bounds(operation, rank: shape.count)
      return [ONNXNumbers(Array(shape[range]))]
    },
    "Size": { _, inputs in [ONNXNumbers([try first(inputs).count], shape: [])] },
    "Reshape": { operation, inputs in
      let input = try first(inputs)
      let target = try operation.integers("shape") ?? operation.integerInput(1, "its shape") ?? []
      let allowsZero = try operation.integer("allowzero", default: 0) != 0
      return [input.reshaped(try resolved(target, of: input.shape, allowsZero: allowsZero))]
    },
    "Flatten": { operation, inputs in
      let input = try first(inputs)
      let axis = try axis(operation.integer("axis", default: 1), rank: input.shape.count + 1)
      return [input.reshaped([input.shape[..<axis].reduce(1, *), input.shape[axis...].reduce(1, *)])]
    },
    "Squeeze": { operation, inputs in
      let input = try first(inputs)
      return [input.reshaped(try squeezed(input.shape, operation.integers("axes", orInput: 1)))]
    },
    "Unsqueeze": { operation, inputs in
      let input = try first(inputs)
      let axes = try operation.integers("axes", orInput: 1) ?? []
      return [input.reshaped(try unsqueezed(input.shape, axes))]
    },
    "Transpose": { operation, inputs in
      let input = try first(inputs)
      let axes = try operation.integers("perm") ?? input.shape.indices.reversed()
      guard axes.sorted() == Array(input.shape.indices) else { throw ONNXRefusal("it transposes along \(axes)") }
      let strides = Shape(input.shape).rowMajorStrides
      let shape = axes.map { input.shape[$0] }
      return [input.picked(positions(shape, strides: axes.map { strides[$0] }), shape: shape)]
    },
    "Gather": { operation, inputs in
      guard inputs.count == 2 else { throw ONNXRefusal("it lacks an input") }
      return [try gather(inputs[0], inputs[1], axis: operation.integer("axis", default: 0))]
    },
    "Slice": { operation, inputs in [try slice(operation, first(inputs))] },
    "Concat": { operation, inputs in [try concatenate(inputs, axis: operation.integer("axis", default: 0))] },
    "Split": { operation, inputs in try split(operation, first(inputs)) },
    "Expand": { operation, inputs in
      let input = try first(inputs)
      let target = try broadcast(input.shape, operation.integerInput(1, "its shape") ?? [])
      _ = try checkedCount(target)
      return [input.picked(broadcastPositions(input.shape, to: target), shape: target)]
    },
    "Tile": { operation, inputs in
      let input = try first(inputs)
      let repeats = try operation.integerInput(1, "its repeats") ?? []
      guard repeats.count == input.shape.count, repeats.allSatisfy({ $0 >= 0 }) else {
        throw ONNXRefusal("it repeats \(Shape(input.shape)) by \(repeats)")
      }
      let shape = zip(input.shape, repeats).map { [$0, $1].saturatingProduct }
      _ = try checkedCount(shape)
      var result = input
      for axis in shape.indices where repeats[axis] != 1 {
        let wanted = (0..<shape[axis]).map { $0 % input.shape[axis] }
        result = try gather(result, ONNXNumbers(wanted), axis: axis)
      }
      return [result]
    },
    "ConstantOfShape": { operation, inputs in
      let shape = try first(inputs).integers("its shape")
      let count = try checkedCount(shape)
      guard case .tensor(let value)? = operation.node.attributes["value"], value.shape.count == 1 else {
        return [
          ONNXNumbers(.real([Double](repeating: 0, count: count)), shape: shape, dataType: .float32)
        ]
      }
      return [ONNXNumbers(value).picked([Int](repeating: 0, count: count), shape: shape)]
    },
    "Range": { _, inputs in
      guard inputs.count == 3 else { throw ONNXRefusal("it lacks an input") }
      guard let numbers = inputs.map({ $0.doubles?.first }) as? [Double], numbers[2] != 0 else {
        throw ONNXRefusal("its bounds are not known")
      }
      let steps = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
      guard steps.isFinite, steps <= Double(maximumCount) else { throw tooLarge }
      let values = (0..<Swift.max(Int(steps), 0)).map { numbers[0] + Double($0) * numbers[2] }
      if inputs[0].dataType.isWhole { return [ONNXNumbers(values.map { Int($0) })] }
      return [ONNXNumbers(.real(values), shape: [values.count], dataType: inputs[0].dataType)]
    },
  ]

  static func first(_ inputs: [ONNXNumbers]) throws -> ONNXNumbers {
    guard let first = inputs.first else { throw ONNXRefusal("it has no input") }
    return first
  }

  /// The part of a shape that a Shape operator asks for, since version 15.
  static func bounds(_ operation: ONNXOperation, rank: Int) throws -> Range<Int> {
    func clamped(_ index: Int) -> Int {
      min(max(index < 0 ? index.addingReportingOverflow(rank).partialValue : index, 0), rank)
    }
    let begin = clamped(try operation.integer("start", default: 0))
    return begin..<max(begin, clamped(try operation.integer("end", default: rank)))
  }

  private static func cast(_ input: ONNXNumbers, to target: DataType?) throws -> ONNXNumbers {
    guard let target else { throw ONNXRefusal("it casts to a type that is not known") }
    var result = input
    result.dataType = target
    switch (input.elements, target.isWhole) {
    case (.whole, false):
      guard let numbers = input.doubles else { throw ONNXRefusal("it computes fractions of the number of images") }
      result.elements = .real(numbers)
    case (.real(let numbers), true):
      result.elements = .whole(
        try numbers.map {
          guard target != .bool else { return .number($0 == 0 ? 0 : 1) }
          guard let number = Int(exactly: $0.rounded(.towardZero)) else {
            throw ONNXRefusal("it casts \($0) to a whole number")
          }
          return .number(number)
        })
    case (.whole(let extents), true) where target == .bool:
      result.elements = .whole(extents.map { $0 == .number(0) ? $0 : .number(1) })
    default: break
    }
    return result
  }

  private static func gather(_ input: ONNXNumbers, _ chosen: ONNXNumbers, axis: Int) throws -> ONNXNumbers {
    let axis = try Self.axis(axis, rank: input.shape.count)
    let size = input.shape[axis]
    let wanted = try chosen.integers("its indices").map { index -> Int in
      guard (-size..<size).contains(index) else { throw ONNXRefusal("it takes element \(index) of \(size)") }
      return index < 0 ? index + size : index
    }
    let outer = input.shape[..<axis].reduce(1, *)
    let inner = input.shape[(axis + 1)...].reduce(1, *)
    let shape = Array(input.shape[..<axis]) + chosen.shape + input.shape[(axis + 1)...]
    _ = try checkedCount(shape)
    let positions = (0..<outer).flatMap { o in
      wanted.flatMap { index in (0..<inner).map { (o * size + index) * inner + $0 } }
    }
    return input.picked(positions, shape: shape)
  }

  private static func slice(_ operation: ONNXOperation, _ input: ONNXNumbers) throws -> ONNXNumbers {
    var result = input
    for part in try ONNXSlicing(operation, rank: input.shape.count).parts {
      let size = result.shape[part.axis]
      let wanted = part.indices(size)
      result = try gather(result, ONNXNumbers(wanted), axis: part.axis)
    }
    return result
  }

  private static func concatenate(_ inputs: [ONNXNumbers], axis: Int) throws -> ONNXNumbers {
    let head = try first(inputs)
    let axis = try Self.axis(axis, rank: head.shape.count)
    var shape = head.shape
    shape[axis] = 0
    for input in inputs {
      var other = input.shape
      guard other.count == shape.count else { throw ONNXRefusal("it joins arrays of different ranks") }
      let size = other[axis]
      other[axis] = shape[axis]
      guard other == shape else { throw ONNXRefusal("it joins arrays that do not fit together") }
      shape[axis] += size
    }
    _ = try checkedCount(shape)
    let outer = shape[..<axis].reduce(1, *)
    let runs = inputs.map { $0.shape[axis...].reduce(1, *) }
    func joined<Element>(_ lists: [[Element]]) -> [Element] {
      (0..<outer).flatMap { row in zip(lists, runs).flatMap { $0[row * $1..<(row + 1) * $1] } }
    }
    let reals = inputs.compactMap(\.doubles)
    if head.dataType.isWhole {
      let lists = inputs.compactMap { input -> [ONNXExtent]? in
        guard case .whole(let list) = input.elements else { return nil }
        return list
      }
      guard lists.count == inputs.count else { throw ONNXRefusal("it joins whole numbers and fractions") }
      return ONNXNumbers(.whole(joined(lists)), shape: shape, dataType: head.dataType)
    }
    guard reals.count == inputs.count else { throw ONNXRefusal("it joins fractions with sizes that are not known") }
    return ONNXNumbers(.real(joined(reals)), shape: shape, dataType: head.dataType)
  }

  private static func split(_ operation: ONNXOperation, _ input: ONNXNumbers) throws -> [ONNXNumbers] {
    let axis = try Self.axis(operation.integer("axis", default: 0), rank: input.shape.count)
    return try splitSizes(operation, size: input.shape[axis]).map { range in
      try gather(input, ONNXNumbers(Array(range)), axis: axis)
    }
  }

  /// The ranges into which a Split divides an axis.
  static func splitSizes(_ operation: ONNXOperation, size: Int) throws -> [Range<Int>] {
    let count = try operation.integer("num_outputs") ?? operation.node.outputs.count
    guard count > 0, count <= max(size, 1), count >= operation.node.outputs.count else {
      throw ONNXRefusal("it splits \(size) elements into \(count) parts")
    }
    let each = (size + count - 1) / count
    let sizes = try operation.integers("split", orInput: 1) ?? (0..<count).map { min(each, max(size - $0 * each, 0)) }
    guard sizes.allSatisfy({ (0...size).contains($0) }), sizes.count <= size + 1, sizes.reduce(0, +) == size,
      sizes.count >= operation.node.outputs.count
    else { throw ONNXRefusal("it splits \(size) elements into parts of \(sizes)") }
    var begin = 0
    return sizes.map { part in
      defer { begin += part }
      return begin..<begin + part
    }
  }

  // Positions

  /// For each element of an array of that shape, in row-major order, the sum of its indices times the strides.
  static func positions(_ shape: [Int], strides: [Int]) -> [Int] {
    let count = shape.reduce(1, *)
    guard count > 0, strides != Shape(shape).rowMajorStrides else { return Array(0..<count) }
    var positions: [Int] = []
    positions.reserveCapacity(count)
    var index = [Int](repeating: 0, count: shape.count)
    var position = 0
    while true {
      positions.append(position)
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return positions }
    }
  }

  /// What two shapes broadcast to, as in NumPy.
  static func broadcast(_ first: [Int], _ second: [Int]) throws -> [Int] {
    let rank = max(first.count, second.count)
    let (first, second) = (padded(first, to: rank), padded(second, to: rank))
    return try zip(first, second).map {
      guard $0 == $1 || $0 == 1 || $1 == 1 else {
        throw ONNXRefusal("it joins arrays of the shapes \(Shape(first)) and \(Shape(second))")
      }
      return $0 == 1 ? $1 : $0
    }
  }

  static func broadcastPositions(_ shape: [Int], to target: [Int]) -> [Int] {
    let own = padded(shape, to: target.count)
    let strides = zip(own, Shape(own).rowMajorStrides).map { $0 == 1 ? 0 : $1 }
    return positions(target, strides: strides)
  }

  private static func padded(_ shape: [Int], to rank: Int) -> [Int] {
    [Int](repeating: 1, count: rank - shape.count) + shape
  }
}
