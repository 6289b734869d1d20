extension Tensor {
  /// Lends the storage from the first element on; use with `strides`. Elements in a mapped file need not be aligned.
  public func withUnsafeStorage<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeRawBufferPointer(rebasing: storage.bytes[byteOffset...]))
    }
  }

  /// Lends the elements' bytes in row-major order and aligned, copying first where the tensor is a strided view or lies
  /// askew in its file.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let dense = isContiguous && isAligned ? self : copied()
    return try dense.withUnsafeStorage { try body(UnsafeRawBufferPointer(rebasing: $0[..<dense.byteCount])) }
  }

  /// Lends the elements' bytes, in row-major order, for writing; copies first where others share them.
  public mutating func withUnsafeMutableBytes<Result>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    if !isContiguous || !storage.isWritable || byteOffset != 0 || !isKnownUniquelyReferenced(&storage) {
      self = withUnsafeBytes { bytes in
        Tensor(uninitialized: shape, dataType: dataType) { $0.copyMemory(from: bytes) }
      }
    }
    return try body(UnsafeMutableRawBufferPointer(rebasing: storage.bytes[..<byteCount]))
  }

  /// The elements in row-major order, converted to float32.
  public var floats: [Float] {
    let converted = converted(to: .float32)
    return converted.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  /// The same numbers in another floating-point type, rounded to nearest even; `self` where the type is already that.
  ///
  /// - Precondition: the target is float16, bfloat16, float32 or float64.
  public func converted(to target: DataType) -> Tensor {
    if target == dataType { return self }
    return withUnsafeBytes { bytes in
      switch dataType {
      case .float16: convert(bytes.bindMemory(to: Float16.self).lazy.map(Double.init), to: target)
      case .bfloat16:
        convert(bytes.bindMemory(to: UInt16.self).lazy.map { Double(Float(bfloat16Bits: $0)) }, to: target)
      case .float32: convert(bytes.bindMemory(to: Float.self).lazy.map(Double.init), to: target)
      case .float64: convert(bytes.bindMemory(to: Double.self), to: target)
      case .int8: convert(bytes.bindMemory(to: Int8.self).lazy.map(Double.init), to: target)
      case .int16: convert(bytes.bindMemory(to: Int16.self).lazy.map(Double.init), to: target)
      case .int32: convert(bytes.bindMemory(to: Int32.self).lazy.map(Double.init), to: target)
      case .int64: convert(bytes.bindMemory(to: Int64.self).lazy.map(Double.init), to: target)
      case .uint8, .bool: convert(bytes.lazy.map(Double.init), to: target)
      case .uint16: convert(bytes.bindMemory(to: UInt16.self).lazy.map(Double.init), to: target)
      case .uint32: convert(bytes.bindMemory(to: UInt32.self).lazy.map(Double.init), to: target)
      // `Double.init` alone would be the one that takes a bit pattern.
      case .uint64: convert(bytes.bindMemory(to: UInt64.self).lazy.map { Double($0) }, to: target)
      }
    }
  }

  private func convert(_ elements: some Collection<Double>, to target: DataType) -> Tensor {
    Tensor(uninitialized: shape, dataType: target) { bytes in
      switch target {
      case .float16: fill(bytes, elements.lazy.map { Float16($0) })
      case .bfloat16: fill(bytes, elements.lazy.map { Float($0).bfloat16Bits })
      case .float32: fill(bytes, elements.lazy.map { Float($0) })
      case .float64: fill(bytes, elements)
      default: preconditionFailure("\(target) is no floating-point type")
      }
    }
  }

  private func fill<Element>(_ bytes: UnsafeMutableRawBufferPointer, _ elements: some Collection<Element>) {
    _ = bytes.bindMemory(to: Element.self).initialize(fromContentsOf: elements)
  }
}

extension Float {
  /// The number whose upper half is `bits`: bfloat16 is float32 without its lower 16 bits.
  init(bfloat16Bits bits: UInt16) {
    self.init(bitPattern: UInt32(bits) << 16)
  }

  /// The nearest bfloat16, ties to even.
  var bfloat16Bits: UInt16 {
    if isNaN { return 0x7fc0 }
    let bits = bitPattern
    return UInt16((bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16)
  }
}
