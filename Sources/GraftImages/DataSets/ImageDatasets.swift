import Foundation
import GraftTensors

/// The photographs to train on and those to validate on.
public struct ImageDatasets: Hashable, Sendable {
  /// Where the two came from.
  public enum Division: Hashable, Sendable {
    /// The folder held both, in subfolders of these names.
    case folders(training: String, validation: String)
    /// This share of every class was set aside.
    case split(Double)
  }

  /// Class names in the order of their labels.
  public let classes: [String]
  public let training: [Sample]
  public let validation: [Sample]
  public let division: Division

  /// The share that is set aside for validation where the user names none.
  public static let defaultSplit = 0.2

  /// Opens a folder of photographs.
  ///
  /// With folders `train` and `val` (or `valid`, `validation`) in it, these are the two sets. Otherwise its subfolders
  /// are the classes, and `split` of each is set aside by chance: at least one photograph of a class that has two, and
  /// never all of them. A `train` without its counterpart is split likewise.
  ///
  /// - Parameters:
  ///   - split: the share for validation, between 0 and 1; nil means `defaultSplit`.
  ///   - seed: decides which photographs are set aside, and nothing else does.
  public static func open(_ url: URL, split: Double? = nil, seed: UInt64) throws(DatasetError) -> ImageDatasets {
    if let split, !(split > 0 && split < 1) { throw .splitOutOfRange(split) }
    let listing = try FolderListing(of: url)
    guard let training = listing.folders.first(where: { $0.lowercased() == "train" }) else {
      return try ImageFolder(contentsOf: url).split(split ?? defaultSplit, seed: seed, prefix: "")
    }
    let names = ["val", "valid", "validation"]
    guard let validation = listing.folders.first(where: { names.contains($0.lowercased()) }) else {
      // A class may be called "train", among aeroplanes and cars: then it holds files, not classes.
      let folder = url.appendingPathComponent(training)
      if try FolderListing(of: folder).folders.isEmpty {
        return try ImageFolder(contentsOf: url).split(split ?? defaultSplit, seed: seed, prefix: "")
      }
      return try ImageFolder(contentsOf: folder).split(split ?? defaultSplit, seed: seed, prefix: training + "/")
    }
    if split != nil { throw .splitOfDividedFolder(url.path, validation: validation) }
    return try divided(url, training: training, validation: validation)
  }

  private static func divided(
    _ url: URL, training: String, validation: String
  ) throws(DatasetError) -> ImageDatasets {
    let first = try ImageFolder(contentsOf: url.appendingPathComponent(training))
    let second = try ImageFolder(contentsOf: url.appendingPathComponent(validation))
    if first.classes != second.classes {
      throw .classesDiffer(
        folder: url.path, training: training, validation: validation,
        onlyTraining: first.classes.filter { !second.classes.contains($0) },
        onlyValidation: second.classes.filter { !first.classes.contains($0) })
    }
    return ImageDatasets(
      classes: first.classes, training: first.samples.map { $0.below(training + "/") },
      validation: second.samples.map { $0.below(validation + "/") },
      division: .folders(training: training, validation: validation))
  }
}

extension ImageFolder {
  /// Sets a share of each class aside for validation.
  fileprivate func split(_ share: Double, seed: UInt64, prefix: String) -> ImageDatasets {
    var chosen: Set<Int> = []
    for label in classes.indices {
      var members = samples.indices.filter { samples[$0].label == label }
      guard members.count > 1 else { continue }
      // Each class draws from a stream of its own: photographs added to one leave the others' division as it was.
      var generator = SeededGenerator(seed: seed, stream: Self.splitStream + UInt64(label))
      members.shuffle(using: &generator)
      let count = Int((Double(members.count) * share).rounded())
      chosen.formUnion(members.prefix(min(max(count, 1), members.count - 1)))
    }
    return ImageDatasets(
      classes: classes,
      training: samples.indices.filter { !chosen.contains($0) }.map { samples[$0].below(prefix) },
      validation: samples.indices.filter { chosen.contains($0) }.map { samples[$0].below(prefix) },
      division: .split(share))
  }

  /// Keeps the draws for splitting apart from other uses of the same seed.
  private static let splitStream: UInt64 = 0x5350_4c49_0000_0000
}

extension Sample {
  fileprivate func below(_ prefix: String) -> Sample {
    Sample(url: url, path: prefix + path, label: label)
  }
}
