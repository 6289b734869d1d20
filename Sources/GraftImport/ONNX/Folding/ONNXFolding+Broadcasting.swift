import GraftTensors

// Which element of an array stands where.
extension ONNXFolding {
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
