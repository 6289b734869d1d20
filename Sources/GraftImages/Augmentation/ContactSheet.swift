/// Pictures of one size side by side, a row for each photograph, on white.
public struct ContactSheet: Sendable {
  public let cellWidth: Int
  public let cellHeight: Int
  public let columns: Int
  public private(set) var rows: [[RGBImage]] = []

  private static let gap = 4
  /// Between the first column, with which the others are compared, and these.
  private static let firstGap = 16

  public init(cellWidth: Int, cellHeight: Int, columns: Int) {
    precondition(cellWidth > 0 && cellHeight > 0 && columns > 0, "\(columns) pictures of \(cellWidth) × \(cellHeight)")
    self.cellWidth = cellWidth
    self.cellHeight = cellHeight
    self.columns = columns
  }

  /// - Precondition: as many pictures as columns, each of the cells' size.
  public mutating func append(_ row: [RGBImage]) {
    precondition(
      row.count == columns && row.allSatisfy { ($0.width, $0.height) == (cellWidth, cellHeight) },
      "a row of \(row.count) pictures in \(columns) columns of \(cellWidth) × \(cellHeight)")
    rows.append(row)
  }

  /// In pixels, for a number of rows.
  public func size(rows: Int) -> (width: Int, height: Int) {
    let between = columns > 1 ? Self.firstGap + (columns - 2) * Self.gap : 0
    return (
      width: 2 * Self.gap + columns * cellWidth + between, height: Self.gap + rows * (cellHeight + Self.gap)
    )
  }

  /// The whole sheet.
  ///
  /// - Precondition: there is a row.
  public var image: RGBImage {
    let size = size(rows: rows.count)
    var pixels = [UInt8](repeating: 255, count: size.width * size.height * 3)
    for (number, row) in rows.enumerated() {
      let top = Self.gap + number * (cellHeight + Self.gap)
      for (column, cell) in row.enumerated() {
        let left = Self.gap + column * (cellWidth + Self.gap) + (column > 0 ? Self.firstGap - Self.gap : 0)
        for y in 0..<cellHeight {
          let target = ((top + y) * size.width + left) * 3
          let source = y * cellWidth * 3
          pixels.replaceSubrange(target..<target + cellWidth * 3, with: cell.pixels[source..<source + cellWidth * 3])
        }
      }
    }
    return RGBImage(width: size.width, height: size.height, pixels: pixels)
  }
}
