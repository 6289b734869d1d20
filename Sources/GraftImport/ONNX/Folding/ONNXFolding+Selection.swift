import GraftFormats
import GraftTensors

// What takes arrays apart along an axis, and joins them.
extension ONNXFolding {
  static func gather(_ input: ONNXNumbers, _ chosen: ONNXNumbers, axis: Int) throws -> ONNXNumbers {
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

  static func slice(_ operation: ONNXOperation, _ input: ONNXNumbers) throws -> ONNXNumbers {
    var result = input
    for part in try ONNXSlicing(operation, rank: input.shape.count).parts {
      let size = result.shape[part.axis]
      let wanted = part.indices(size)
      result = try gather(result, ONNXNumbers(wanted), axis: part.axis)
    }
    return result
  }

  static func concatenate(_ inputs: [ONNXNumbers], axis: Int) throws -> ONNXNumbers {
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

  static func split(_ operation: ONNXOperation, _ input: ONNXNumbers) throws -> [ONNXNumbers] {
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
}
