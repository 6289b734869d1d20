import Foundation

/// Why words are no augmentation.
public enum AugmentationError: Error, Hashable {
  case unknown(String)
  /// What follows a colon.
  case notANumber(word: String, part: String)
  /// Too many numbers, too few or too large ones.
  case wrongNumbers(word: String, expected: String)
  /// Two words of which only one may be said.
  case conflicting(String, String)
  /// A share of batches to mix, but no way of mixing.
  case nothingToMix
}

extension AugmentationError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .unknown(let name):
      "“\(name)” is nothing that can be done to photographs; write \(Augmentation.names.joined(separator: ", ")), "
        + "several with commas between them, or none"
    case .notANumber(let word, let part):
      "“\(part)” in “\(word)” is no number; write a word, and its number after a colon: rotate:15"
    case .wrongNumbers(let word, let expected):
      "“\(word)” is not what can be done to photographs; expected \(expected)"
    case .conflicting(let first, let second):
      "\(first) and \(second) exclude each other; say one of them"
    case .nothingToMix:
      "mix says how many batches are mixed, but not how; add mixup:0.2 or cutmix:1, or leave it out"
    }
  }

  public var errorDescription: String? { description }
}
