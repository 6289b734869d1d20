import Foundation

/// What lies in a folder: names of files and folders, sorted, without what systems leave there for themselves.
struct FolderListing {
  private(set) var files: [String] = []
  private(set) var folders: [String] = []

  private static let notes: Set<String> = ["thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx"]

  /// - Throws: `DatasetError.missingFolder`, `.notAFolder` or `.unreadableFolder`.
  init(of url: URL) throws(DatasetError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw .missingFolder(url.path)
    }
    guard isFolder.boolValue else { throw .notAFolder(url.path) }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: url.path)
    } catch {
      throw .unreadableFolder(url.path, reason: FileContents.reason(of: error))
    }
    for name in names.sorted() where !name.hasPrefix(".") && !Self.notes.contains(name.lowercased()) {
      // Follows links, so that a data set may be a folder of them. A link to nothing counts as a file: it is then
      // named as unreadable instead of vanishing.
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(
        atPath: url.appendingPathComponent(name).path, isDirectory: &isFolder)
      if exists && isFolder.boolValue { folders.append(name) } else { files.append(name) }
    }
  }

  /// Paths of all files in a folder and its subfolders, relative to it, in a stable order.
  static func files(below url: URL) throws(DatasetError) -> [String] {
    // A link to a folder above would be followed forever.
    try files(below: url, enclosing: [url.resolvingSymlinksInPath().path])
  }

  private static func files(below url: URL, enclosing: Set<String>) throws(DatasetError) -> [String] {
    let listing = try FolderListing(of: url)
    var paths = listing.files
    for name in listing.folders {
      let folder = url.appendingPathComponent(name)
      let resolved = folder.resolvingSymlinksInPath().path
      if enclosing.contains(resolved) { continue }
      paths += try files(below: folder, enclosing: enclosing.union([resolved])).map { name + "/" + $0 }
    }
    return paths
  }
}
