import Foundation
import GraftImages

/// Photographs of another kind, of which no labels are known, and how much it counts that the network makes the same of them.
///
/// Deep CORAL (Sun and Saenko, arXiv:1607.01719): a step sees as many of them as labelled images, and to the loss of these is added
/// how far apart the covariances of the two domains' logits are (`CORAL`), times `weight`.
public struct TargetDomain: Sendable {
  /// Their own targets are put aside: what a training knows of these photographs is how they look.
  public let samples: [Sample]
  /// λ. The paper chose it so that at the end of training both losses were roughly the same.
  public let weight: Double
  /// Where the photographs come from, for the run's record.
  public let folder: String

  public init(_ samples: [Sample], weight: Double = 1, folder: String = "") {
    self.samples = samples.map { Sample(url: $0.url, path: $0.path, targets: [], group: $0.group) }
    self.weight = weight
    self.folder = folder
  }

  /// All images in a folder, those of folders below included.
  ///
  /// - Throws: `DatasetError` where the folder is missing or holds no file.
  public init(folder: URL, weight: Double = 1) throws {
    self.init(try ImageFolder(withoutClasses: folder).samples, weight: weight, folder: folder.relativePath)
  }
}

extension TargetDomain {
  /// What a run's record says of it.
  public var record: TargetRecord { TargetRecord(data: folder, images: samples.count, coral: weight) }
}

/// What a run's record says of the unlabelled photographs that it drew near.
public struct TargetRecord: Hashable, Sendable, Codable {
  /// Where they come from.
  public var data: String
  /// How many files there were.
  public var images: Int
  /// What CORAL was multiplied by.
  public var coral: Double
}
