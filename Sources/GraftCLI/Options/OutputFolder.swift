import Foundation
import Graft

/// A folder that will be written at the end of long work.
struct OutputFolder {
  /// As the user named it.
  let path: String

  var url: URL { URL(filePath: path) }

  /// Looks, without a trace, whether the folder can be written: that it is free, and that the nearest of the folders
  /// above it that exists allows it.
  ///
  /// - Parameter isRemains: names of files that stand in nobody's way.
  /// - Throws: `FormatError.targetExists`, `.writeFailed`.
  func requireWritable(besides isRemains: (String) -> Bool = { _ in false }) throws {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else { throw FormatError.writeFailed(path: path, reason: "it is a file") }
      guard try files.contentsOfDirectory(atPath: path).allSatisfy(isRemains) else {
        throw FormatError.targetExists(path: path)
      }
    }
    var above = url.standardizedFileURL.deletingLastPathComponent()
    while !files.fileExists(atPath: above.path, isDirectory: &isFolder), above.path != "/" {
      above.deleteLastPathComponent()
    }
    guard isFolder.boolValue else { throw FormatError.writeFailed(path: path, reason: "\(above.path) is a file") }
    guard files.isWritableFile(atPath: above.path) else {
      throw FormatError.writeFailed(path: path, reason: "nothing may be written in \(above.path)")
    }
  }
}
