import Foundation

/// Why no advice can be given.
public enum AdviceError: Error, Hashable, Sendable {
  /// Advice is for one head that tells classes apart.
  case notOneClassification(heads: Int)
  /// All photographs that could be read are of one class.
  case oneClass(count: Int)
  /// A training that memory or disk do not hold, in bytes; with the options of what comes nearest, nil where nothing fits.
  case tooLarge(resource: String, needed: Int, limit: Int, nearest: String?)
  /// A budget that is no time.
  case invalidBudget(String)
}

extension AdviceError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .notOneClassification(let heads):
      "advice is for one head that tells classes apart; these photographs have "
        + (heads == 1 ? "labels or numbers instead" : "\(heads) heads")
        + ". Choose the plan yourself with --unfreeze or --stages"
    case .oneClass(let count):
      "the \(count) photographs that could be read are all of one class; there is nothing to tell apart. Add photographs of "
        + "another class"
    case .tooLarge(let resource, let needed, let limit, let nearest):
      "this training would take \(AdviceWords.bytes(needed)) of \(resource), and \(AdviceWords.bytes(limit)) are there. "
        + (nearest.map { "What comes nearest and fits: the same with \($0)" }
          ?? "Nothing like it fits; take smaller images (--image-size) or a smaller network")
    case .invalidBudget(let text):
      "“\(text)” is no time; expected a number with s, min or h, as in 90s, 20min or 1.5h"
    }
  }

  public var errorDescription: String? { description }
}
