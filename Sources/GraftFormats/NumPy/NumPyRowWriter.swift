import Foundation
import GraftTensors

/// Writes a table of features as one `.npy` array, row by row, for tables larger than memory.
///
/// The header has room for any row count, which is filled in at the end; until then the file bears a temporary name.
/// Abandoned before `finish`, it leaves nothing behind.
public final class NumPyRowWriter {
  public let rowShape: Shape
  public let dataType: DataType
  public private(set) var rowCount = 0
  private let file: AtomicFile

  /// - Parameter dataType: any but bfloat16, which NumPy lacks.
  /// - Throws: `FormatError.writeFailed`.
  public init(replacing url: URL, rowShape: Shape, dataType: DataType = .float32) throws {
    precondition(dataType != .bfloat16, "NumPy has no bfloat16")
    self.rowShape = rowShape
    self.dataType = dataType
    file = try AtomicFile(replacing: url)
    try file.write(header)
  }

  /// Appends rows in row-major order.
  ///
  /// - Parameter rows: of the shape `[n] + rowShape` and the writer's element type.
  /// - Throws: `FormatError.writeFailed`.
  public func append(rows: Tensor) throws {
    precondition(
      rows.shape.dimensions.dropFirst() == rowShape.dimensions[...] && rows.shape.rank == rowShape.rank + 1,
      "rows of the shape \(rows.shape), where each should be \(rowShape)")
    precondition(rows.dataType == dataType, "rows of \(rows.dataType), where \(dataType) was announced")
    try rows.withUnsafeBytes { try file.write($0) }
    rowCount += rows.shape[0]
  }

  /// Completes the header and puts the file in its place. Nothing can be appended afterwards.
  ///
  /// - Throws: `FormatError.writeFailed`.
  public func finish() throws {
    try file.seek(to: 0)
    try file.write(header)
    try file.commit()
  }

  private var header: [UInt8] {
    NumPyHeader.encoded(dataType: dataType, dimensions: [rowCount] + rowShape.dimensions, room: .max)
  }
}
