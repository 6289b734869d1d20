import Foundation

/// What chance may do to a photograph before a network learns from it.
public struct Augmentation: Hashable, Sendable, Codable {
  /// A part of the photograph instead of the whole; nil where each training view is the evaluation view.
  public var crop: RandomCrop?
  /// Whether half of the views are mirrored, left for right.
  public var flips: Bool

  public init(crop: RandomCrop? = RandomCrop(), flips: Bool = true) {
    self.crop = crop
    self.flips = flips
  }
}

extension Augmentation: CustomStringConvertible {
  /// As `init(parsing:)` reads it.
  public var description: String {
    let parts = [crop == nil ? nil : "crop", flips ? "flip" : nil].compactMap(\.self)
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }

  /// What `--augment` takes, beside none.
  public static let names = ["crop", "flip"]

  /// Reads `crop`, `flip` or both with a comma between them; nil for `none`.
  ///
  /// - Throws: `AugmentationError`.
  public static func parse(_ text: String) throws(AugmentationError) -> Augmentation? {
    if text == "none" { return nil }
    var augmentation = Augmentation(crop: nil, flips: false)
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      switch name {
      case "crop": augmentation.crop = RandomCrop()
      case "flip": augmentation.flips = true
      default: throw .unknown(name)
      }
    }
    return augmentation
  }
}

/// Why words are no augmentation.
public enum AugmentationError: Error, Hashable {
  case unknown(String)
}

extension AugmentationError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .unknown(let name):
      "“\(name)” is nothing that can be done to photographs; write \(Augmentation.names.joined(separator: ", ")), "
        + "several with commas between them, or none"
    }
  }

  public var errorDescription: String? { description }
}
