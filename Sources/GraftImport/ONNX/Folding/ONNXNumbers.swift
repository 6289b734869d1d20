import GraftTensors

/// Numbers that are computed with while a graph is built: constants, and shapes in which the batch is unknown.
struct ONNXNumbers {
  enum Elements {
    case whole([ONNXExtent])
    case real([Double])
  }

  var shape: [Int]
  var elements: Elements
  /// What they are stored as once they are a tensor again.
  var dataType: DataType

  init(_ elements: Elements, shape: [Int], dataType: DataType) {
    self.elements = elements
    self.shape = shape
    self.dataType = dataType
  }

  init(_ numbers: [Int], shape: [Int]? = nil, dataType: DataType = .int64) {
    self.init(.whole(numbers.map { .number($0) }), shape: shape ?? [numbers.count], dataType: dataType)
  }

  init(_ tensor: Tensor) {
    shape = tensor.shape.dimensions
    dataType = tensor.dataType
    elements =
      tensor.dataType.isWhole
      ? .whole(tensor.integers.map { .number($0) }) : .real(tensor.converted(to: .float64).doubles)
  }

  var count: Int {
    switch elements {
    case .whole(let numbers): numbers.count
    case .real(let numbers): numbers.count
    }
  }

  /// The elements of the given positions, as another array.
  func picked(_ positions: [Int], shape: [Int]) -> ONNXNumbers {
    let picked: Elements =
      switch elements {
      case .whole(let numbers): .whole(positions.map { numbers[$0] })
      case .real(let numbers): .real(positions.map { numbers[$0] })
      }
    return ONNXNumbers(picked, shape: shape, dataType: dataType)
  }

  func reshaped(_ shape: [Int]) -> ONNXNumbers {
    ONNXNumbers(elements, shape: shape, dataType: dataType)
  }

  /// - Parameter what: for the message: "its axes".
  func integers(_ what: String) throws -> [Int] {
    guard case .whole(let numbers) = elements else { throw ONNXRefusal("\(what) are no whole numbers") }
    return try numbers.map {
      guard case .number(let number) = $0 else { throw ONNXRefusal("\(what) depend on the number of images") }
      return number
    }
  }

  /// As fractions, where nothing is unknown.
  var doubles: [Double]? {
    switch elements {
    case .real(let numbers): return numbers
    case .whole(let extents):
      let numbers = extents.compactMap { extent -> Double? in
        guard case .number(let number) = extent else { return nil }
        return Double(number)
      }
      return numbers.count == extents.count ? numbers : nil
    }
  }

  /// A constant where all is known, else extents.
  func operand() throws -> ONNXOperand {
    switch elements {
    case .real(let numbers):
      let doubles = Tensor(uninitialized: Shape(shape), dataType: .float64) { bytes in
        numbers.withUnsafeBytes { bytes.copyMemory(from: $0) }
      }
      let target = dataType.isWhole ? .float32 : dataType
      return .constant(doubles.converted(to: target))
    case .whole(let extents):
      let numbers = extents.compactMap { extent -> Int64? in
        guard case .number(let number) = extent else { return nil }
        return Int64(number)
      }
      guard numbers.count == extents.count else {
        guard shape.count <= 1 else { throw ONNXRefusal("it computes a table of sizes from the number of images") }
        return .extents(ONNXExtents(shape: shape, elements: extents))
      }
      // All whole types compute as 64 bits; which one it was only matters to the networks' own weights.
      return .constant(
        Tensor(uninitialized: Shape(shape), dataType: .int64) { bytes in
          numbers.withUnsafeBytes { bytes.copyMemory(from: $0) }
        })
    }
  }
}

extension DataType {
  var isWhole: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: false
    default: true
    }
  }
}

extension Tensor {
  /// The elements of a tensor of whole numbers, in row-major order.
  fileprivate var integers: [Int] {
    withUnsafeBytes { bytes in
      switch dataType {
      case .int8: bytes.bindMemory(to: Int8.self).map(Int.init)
      case .int16: bytes.bindMemory(to: Int16.self).map(Int.init)
      case .int32: bytes.bindMemory(to: Int32.self).map(Int.init)
      case .int64: bytes.bindMemory(to: Int64.self).map(Int.init)
      case .uint8: bytes.map(Int.init)
      case .bool: bytes.map { $0 == 0 ? 0 : 1 }
      case .uint16: bytes.bindMemory(to: UInt16.self).map(Int.init)
      case .uint32: bytes.bindMemory(to: UInt32.self).map(Int.init)
      case .uint64: bytes.bindMemory(to: UInt64.self).map { Int(truncatingIfNeeded: $0) }
      case .float16, .bfloat16, .float32, .float64: []
      }
    }
  }

  /// The elements of a float64 tensor.
  fileprivate var doubles: [Double] {
    withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
  }
}
