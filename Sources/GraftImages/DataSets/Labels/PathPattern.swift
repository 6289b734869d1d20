import Foundation

/// A regular expression that takes one part out of a file's path: `^(n\d+)_` the class, `/(patient\d+)/` the group.
public struct PathPattern: Hashable, Sendable {
  /// In the syntax of ICU, which is that of Perl and Python for all that paths need.
  public let text: String
  private let expression: NSRegularExpression

  /// - Throws: `DatasetError.unusablePattern` where the text is no expression, or does not have exactly one capture group.
  public init(_ text: String) throws(DatasetError) {
    do {
      expression = try NSRegularExpression(pattern: text)
    } catch {
      throw .unusablePattern(text, captures: nil)
    }
    self.text = text
    let captures = expression.numberOfCaptureGroups
    guard captures == 1 else { throw .unusablePattern(text, captures: captures) }
  }

  /// What the capture group holds where the expression first fits; nil where it does not fit.
  public func capture(in path: String) -> String? {
    guard let match = expression.firstMatch(in: path, range: NSRange(path.startIndex..., in: path)),
      let range = Range(match.range(at: 1), in: path)
    else { return nil }
    return String(path[range])
  }
}
