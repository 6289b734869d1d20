extension Tensor {
  /// Each row along the outermost axis multiplied by a number of its own, in storage of its own whose elements lie in the
  /// same order as here. Each product is rounded once.
  ///
  /// - Parameter scratch: where to put them, for a tensor that is not kept.
  /// - Precondition: float32, dense but for the order of its axes, with as many rows as there are factors.
  public func scalingRows(by factors: [Double], in scratch: TensorScratch = TensorScratch()) -> Tensor {
    precondition(dataType == .float32 && shape.rank > 0 && shape[0] == factors.count)
    // The axes as they lie, the widest apart first.
    let order = shape.dimensions.indices.sorted { (strides[$1], $0) < (strides[$0], $1) }
    let stored = permuted(order).contiguous()
    guard let place = order.firstIndex(of: 0) else { return self }
    let blocks = stored.shape.dimensions[..<place].reduce(1, *)
    let length = stored.shape.dimensions[(place + 1)...].reduce(1, *)
    let scaled = scratch.tensor(stored.shape, dataType: .float32) { target in
      stored.withUnsafeBytes { source in
        let (from, to) = (source.assumingMemoryBound(to: Float.self), target.assumingMemoryBound(to: Float.self))
        for block in 0..<blocks {
          let start = block * factors.count * length
          if length == 1 {
            for row in factors.indices { to[start + row] = Float(Double(from[start + row]) * factors[row]) }
            continue
          }
          for row in factors.indices {
            let (factor, begin) = (factors[row], start + row * length)
            for index in begin..<begin + length { to[index] = Float(Double(from[index]) * factor) }
          }
        }
      }
    }
    var back = [Int](repeating: 0, count: order.count)
    for (position, axis) in order.enumerated() { back[axis] = position }
    return scaled.permuted(back)
  }
}
