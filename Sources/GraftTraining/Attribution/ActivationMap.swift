/// How much each place of an image speaks for one thing that a model says of it.
public struct ActivationMap: Hashable, Sendable, Codable {
  public let rows, columns: Int
  /// 0…1, row by row from the top left of what the network sees; the greatest is 1. All are 0 where no place speaks for it.
  public let values: [Float]

  /// - Parameter strengths: not negative, as many as there are places.
  /// - Precondition: `strengths.count == rows * columns`.
  public init(rows: Int, columns: Int, strengths: [Float]) {
    precondition(strengths.count == rows * columns, "\(strengths.count) numbers for \(rows) × \(columns) places")
    self.rows = rows
    self.columns = columns
    let greatest = strengths.max() ?? 0
    values = greatest > 0 && greatest.isFinite ? strengths.map { $0 / greatest } : strengths.map { _ in 0 }
  }

  private init(rows: Int, columns: Int, values: [Float]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// With three decimals, which is more than an eye tells apart.
  var rounded: ActivationMap {
    ActivationMap(rows: rows, columns: columns, values: values.map { ($0 * 1000).rounded() / 1000 })
  }
}

extension ActivationMap {
  /// - Throws: `DecodingError` where the numbers are not as many as the places, or not 0…1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    rows = try container.decode(Int.self, forKey: .rows)
    columns = try container.decode(Int.self, forKey: .columns)
    values = try container.decode([Float].self, forKey: .values)
    let (places, isTooLarge) = rows.multipliedReportingOverflow(by: columns)
    guard rows > 0, columns > 0, !isTooLarge, values.count == places, values.allSatisfy({ (0...1).contains($0) }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container,
        debugDescription: "\(values.count) numbers for \(rows) × \(columns) places, or not all of them from 0 to 1")
    }
  }
}
