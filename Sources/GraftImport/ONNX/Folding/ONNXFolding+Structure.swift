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
}
