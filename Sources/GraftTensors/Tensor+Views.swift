extension Tensor {
  /// The same elements with the axes in another order, without a copy.
  ///
  /// - Parameter axes: for each axis of the result, the axis of `self` that it is.
  /// - Precondition: `axes` is a permutation of `0 ..< rank`.
  public func permuted(_ axes: [Int]) -> Tensor {
    precondition(axes.sorted() == Array(0..<shape.rank), "\(axes) is no permutation of \(shape.rank) axes")
    return Tensor(
      dataType: dataType, shape: Shape(axes.map { shape[$0] }), strides: axes.map { strides[$0] },
      storage: storage, byteOffset: byteOffset)
  }

  /// The same elements, in row-major order, under another shape; copies only where the strides require it.
  ///
  /// - Precondition: `newShape` has as many elements as `shape`.
  public func reshaped(_ newShape: Shape) -> Tensor {
    precondition(newShape.count == shape.count, "\(shape) cannot become \(newShape)")
    let source = isContiguous ? self : contiguous()
    return Tensor(
      dataType: dataType, shape: newShape, strides: newShape.rowMajorStrides,
      storage: source.storage, byteOffset: source.byteOffset)
  }

  /// Rows `range` of the outermost axis, without a copy.
  public subscript(rows range: Range<Int>) -> Tensor {
    precondition(shape.rank > 0 && range.lowerBound >= 0 && range.upperBound <= shape[0])
    var sliced = shape
    sliced[0] = range.count
    return Tensor(
      dataType: dataType, shape: sliced, strides: strides, storage: storage,
      byteOffset: byteOffset + range.lowerBound * strides[0] * dataType.byteCount)
  }

  /// A row-major copy in storage of its own, or `self` where it is row-major already.
  public func contiguous() -> Tensor {
    isContiguous ? self : gathered(flipping: [])
  }

  /// A row-major, aligned copy.
  func copied() -> Tensor {
    gathered(flipping: [])
  }

  /// A row-major copy with the order of elements reversed along the given axes.
  ///
  /// Theano convolves where TensorFlow correlates: kernels of one are those of the other, flipped in height and width.
  public func flipped(axes: Set<Int>) -> Tensor {
    gathered(flipping: axes)
  }

  private func gathered(flipping axes: Set<Int>) -> Tensor {
    let size = dataType.byteCount
    return withUnsafeStorage { source in
      Tensor(uninitialized: shape, dataType: dataType) { target in
        forEachRun(flipping: axes) { targetIndex, sourceIndex, count, stride in
          for element in 0..<count {
            let from = source.baseAddress.unsafelyUnwrapped + (sourceIndex + element * stride) * size
            (target.baseAddress.unsafelyUnwrapped + (targetIndex + element) * size).copyMemory(
              from: from, byteCount: size)
          }
        }
      }
    }
  }

  /// Visits every row along the innermost axis: its first position in row-major order, its first element in the
  /// storage, its length and its stride.
  private func forEachRun(flipping axes: Set<Int>, _ body: (Int, Int, Int, Int) -> Void) {
    guard shape.count > 0 else { return }
    guard let innermost = shape.dimensions.indices.last else { return body(0, 0, 1, 1) }
    let steps = strides.indices.map { axes.contains($0) ? -strides[$0] : strides[$0] }
    var source = axes.reduce(0) { $0 + (shape[$1] - 1) * strides[$1] }
    var index = [Int](repeating: 0, count: shape.rank)
    var target = 0
    while true {
      body(target, source, shape[innermost], steps[innermost])
      target += shape[innermost]
      var axis = innermost - 1
      while axis >= 0 {
        index[axis] += 1
        source += steps[axis]
        if index[axis] < shape[axis] { break }
        source -= steps[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
