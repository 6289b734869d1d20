import Foundation
import GraftFormats

/// The content of `history.csv`, whatever columns it has: each version of Graft may add some.
public struct RunHistory: Hashable, Sendable {
  /// In the file's order.
  public let columns: [String]
  private let cells: [String: [String]]
  /// The number of rows.
  public let count: Int

  /// - Throws: `FormatError` where the file is missing or no table.
  public init(contentsOf url: URL) throws {
    self.init(try CommaSeparatedTable(contentsOf: url))
  }

  /// Of columns with the same name, the first counts.
  public init(_ table: CommaSeparatedTable) {
    var cells: [String: [String]] = [:]
    for (index, column) in table.columns.enumerated() where cells[column] == nil {
      cells[column] = table.rows.map { $0[index] }
    }
    var seen: Set<String> = []
    columns = table.columns.filter { seen.insert($0).inserted }
    self.cells = cells
    count = table.rows.count
  }

  /// A column's cells as they are written, a row each; nil where there is no such column.
  public func texts(_ column: String) -> [String]? { cells[column] }

  /// A column's numbers, a row each: nil where the cell holds none. nil where there is no such column.
  public func numbers(_ column: String) -> [Double?]? { cells[column]?.map { Double($0) } }

  /// Each row's epoch; counted from 1 where there is no such column.
  public var epochs: [Int] {
    let written = numbers("epoch")
    return (0..<count).map { row in written?[row].flatMap { Int(exactly: $0) } ?? row + 1 }
  }
}
