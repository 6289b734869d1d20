/// How far a download has come.
public struct TransferProgress: Hashable, Sendable {
  /// Bytes on the disk, with those of an earlier attempt.
  public let completed: Int
  /// Bytes of the whole file; nil where neither the catalogue nor the server says.
  public let total: Int?
  public let bytesPerSecond: Double
  /// At the rate so far; nil where it cannot be told.
  public let secondsLeft: Double?

  public init(completed: Int, total: Int?, bytesPerSecond: Double) {
    self.completed = completed
    self.total = total
    self.bytesPerSecond = bytesPerSecond
    secondsLeft = bytesPerSecond > 0 ? total.map { Double(max($0 - completed, 0)) / bytesPerSecond } : nil
  }
}
