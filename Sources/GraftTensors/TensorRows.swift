/// Rows of one shape, kept side by side and read in any order: the activations of many images.
public struct TensorRows: Sendable {
  /// One row.
  public let rowShape: Shape
  public private(set) var count = 0
  private var table: Tensor

  /// - Parameter capacity: how many rows to make room for at once.
  public init(rowShape: Shape, capacity: Int) {
    self.rowShape = rowShape
    table = Tensor(zeros: rowShape.batched(capacity))
  }

  /// Adds the rows of a float32 tensor `[n] + rowShape`.
  ///
  /// - Complexity: O(rows added), amortised.
  public mutating func append(_ rows: Tensor) {
    precondition(Array(rows.shape.dimensions.dropFirst()) == rowShape.dimensions && rows.dataType == .float32)
    let needed = count + rows.shape[0]
    if needed > table.shape[0] { grow(to: max(needed, 2 * table.shape[0])) }
    let rowBytes = rowShape.count * 4
    let offset = count * rowBytes
    table.withUnsafeMutableBytes { target in
      rows.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(from: $0) }
    }
    count = needed
  }

  /// The rows of the given indices, in that order: `[indices.count] + rowShape`.
  public func gathered(_ indices: some Collection<Int>) -> Tensor {
    let rowBytes = rowShape.count * 4
    return table.withUnsafeBytes { source in
      Tensor(uninitialized: rowShape.batched(indices.count)) { target in
        for (position, index) in indices.enumerated() {
          precondition(index < count)
          let row = UnsafeRawBufferPointer(rebasing: source[index * rowBytes..<(index + 1) * rowBytes])
          UnsafeMutableRawBufferPointer(rebasing: target[(position * rowBytes)...]).copyMemory(from: row)
        }
      }
    }
  }

  private mutating func grow(to capacity: Int) {
    var larger = Tensor(zeros: rowShape.batched(capacity))
    larger.withUnsafeMutableBytes { target in
      table.withUnsafeBytes { target.copyMemory(from: $0) }
    }
    table = larger
  }
}
