import Foundation
import GraftFormats

/// Inputs as files with a name, for what takes nothing else. In memory, where the system has such a place.
enum InputFile {
  /// A folder of this process. Where `FUZZ_BESIDE` names one, its files lie in it too.
  private static let folder: URL = {
    let memory = URL(filePath: "/dev/shm")
    let isThere = FileManager.default.isWritableFile(atPath: memory.path)
    let folder = (isThere ? memory : FileManager.default.temporaryDirectory)
      .appending(path: "graft-fuzz-\(getpid())")
    do {
      if let beside = ProcessInfo.processInfo.environment["FUZZ_BESIDE"] {
        try FileManager.default.copyItem(at: URL(filePath: beside), to: folder)
      } else {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      }
    } catch {
      fatalError("\(folder.path) cannot be made: \(error)")
    }
    atexit { InputFile.remove() }
    return folder
  }()

  private static func remove() {
    try? FileManager.default.removeItem(at: folder)
  }

  static func write(_ bytes: UnsafeRawBufferPointer, named name: String) throws -> URL {
    let url = folder.appending(path: name)
    try Data(bytes).write(to: url)
    return url
  }
}
