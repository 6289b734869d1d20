/// A layer that a graph cannot express, and why.
public struct KerasProblem: Hashable, Sendable, CustomStringConvertible {
  /// As the configuration names it.
  public let layer: String
  /// Keras's, or the author's own.
  public let className: String
  /// Half a sentence.
  public let reason: String

  public var description: String { "“\(layer)” (\(className)): \(reason)" }
}
