import Foundation
import GraftGraph

/// A folder with a subfolder for each class, as most photographs are kept.
///
/// Every regular file is a sample, whatever its name, in nested subfolders too: what cannot be read as an image is
/// named when it is opened, not passed over here. Hidden files and the notes that systems leave (`Thumbs.db`,
/// `desktop.ini`, `__MACOSX`) are no samples.
public struct ImageFolder: Hashable, Sendable {
  public let url: URL
  /// Class names in the order of their labels; empty for a folder without classes.
  public let classes: [String]
  /// Sorted by class, then by path, so that a folder always gives the same order.
  public let samples: [Sample]

  /// Opens a folder and takes its subfolders, sorted by name, for the classes.
  ///
  /// - Throws: `DatasetError` where the folder, its classes or its files are missing.
  public init(contentsOf url: URL) throws(DatasetError) {
    try self.init(contentsOf: url, allowsOneClass: false)
  }

  init(contentsOf url: URL, allowsOneClass: Bool) throws(DatasetError) {
    let names = try Self.classNames(in: url)
    if names.count == 1, !allowsOneClass { throw .oneClass(folder: url.path, name: names[0]) }
    try self.init(url, folders: names, labels: names)
  }

  /// Opens a folder whose subfolders bear names of a given list of classes, not necessarily all of them: new
  /// photographs for a network that exists.
  ///
  /// - Throws: `DatasetError`, `.unknownClass` where a subfolder bears another name.
  public init(contentsOf url: URL, classes: [String]) throws(DatasetError) {
    let names = try Self.classNames(in: url)
    for name in names where !classes.contains(name) {
      throw .unknownClass(
        folder: url.path, name: name, known: classes, suggestion: closestNames(to: name, among: classes).first)
    }
    try self.init(url, folders: names, labels: classes)
  }

  /// Opens a folder of images without classes, nested ones included: all samples lack a label.
  ///
  /// - Throws: `DatasetError` where the folder is missing or holds no file.
  public init(withoutClasses url: URL) throws(DatasetError) {
    let paths = try FolderListing.files(below: url)
    if paths.isEmpty { throw .noImages(folder: url.path) }
    self.url = url
    classes = []
    samples = paths.map { Sample(url: url.appendingPathComponent($0), path: $0, label: nil) }
  }

  private init(_ url: URL, folders: [String], labels: [String]) throws(DatasetError) {
    var samples: [Sample] = []
    var emptyClasses: [String] = []
    for name in folders {
      let folder = url.appendingPathComponent(name)
      let paths = try FolderListing.files(below: folder)
      if paths.isEmpty { emptyClasses.append(name) }
      let label = labels.firstIndex(of: name)
      samples += paths.map { Sample(url: folder.appendingPathComponent($0), path: name + "/" + $0, label: label) }
    }
    if samples.isEmpty { throw .noImages(folder: url.path) }
    if let name = emptyClasses.first { throw .emptyClass(folder: url.path, name: name) }
    self.url = url
    self.classes = labels
    self.samples = samples
  }

  private static func classNames(in url: URL) throws(DatasetError) -> [String] {
    let listing = try FolderListing(of: url)
    if listing.folders.isEmpty {
      if listing.files.isEmpty { throw .noImages(folder: url.path) }
      throw .noClassFolders(folder: url.path, example: listing.files[0], count: listing.files.count)
    }
    return listing.folders
  }
}
