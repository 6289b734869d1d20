import Foundation

/// Reads image files whole, and others no further than their beginning.
enum FileContents {
  /// - Throws: `ImageError` where the file cannot be read, is no image, or a picture that says that there is none.
  static func read(_ url: URL) throws(ImageError) -> Data {
    // Opening a pipe would wait for a writer that may never come.
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw .unreadableFile(reason: "there is no such file")
    }
    if isFolder.boolValue { throw .unreadableFile(reason: "it is a folder") }
    let resolved = url.resolvingSymlinksInPath().path
    let type = try? FileManager.default.attributesOfItem(atPath: resolved)[.type] as? FileAttributeType
    if let type, type != .typeRegular { throw .unreadableFile(reason: "it is no regular file") }

    let beginning: Data
    let rest: Data
    do {
      let handle = try FileHandle(forReadingFrom: url)
      defer { try? handle.close() }
      beginning = try handle.read(upToCount: 4096) ?? Data()
      _ = try ImageFormat.recognize(beginning)
      rest = try handle.readToEnd() ?? Data()
    } catch let error as ImageError {
      throw error
    } catch {
      throw .unreadableFile(reason: reason(of: error))
    }
    let content = beginning + rest
    if let placeholder = KnownPlaceholder.recognized(content) { throw .placeholder(notice: placeholder.notice) }
    return content
  }

  /// What went wrong, without the file's name, which Foundation's sentences repeat.
  static func reason(of error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoPermission?, .fileWriteNoPermission?: "permission denied"
    case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is no such file"
    case .fileWriteOutOfSpace?: "the disk is full"
    case .fileWriteVolumeReadOnly?: "the disk is read-only"
    default: error.localizedDescription
    }
  }
}
