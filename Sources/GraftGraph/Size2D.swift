/// A height and a width, in pixels. A whole number stands for a square.
public struct Size2D: Hashable, Sendable, Codable {
  public var height: Int
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

extension Size2D: ExpressibleByIntegerLiteral {
  public init(integerLiteral side: Int) {
    self.init(height: side, width: side)
  }

  public init(_ side: Int) {
    self.init(height: side, width: side)
  }
}

extension Size2D: CustomStringConvertible {
  public var description: String { "\(height)×\(width)" }
}
