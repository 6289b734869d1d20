import Foundation
import GraftFormats
import Logging

/// A run directory that one process trains into: while it holds the lock, others are refused. The system ends the lock with the
/// process, however that ends.
///
/// The lock is on a file in the folder, `training.lock`, which says who holds it, and goes away with the training.
public final class RunLock {
  public static let name = "training.lock"

  private let run: URL
  private var descriptor: Int32 = -1
  /// Folders that were made for it, the run directory first.
  private let made: [URL]

  /// Takes a run directory, which is made where it is missing.
  ///
  /// - Throws: `TrainingError.underWayElsewhere` where another process has it; `FormatError.writeFailed`.
  public init(_ run: URL) throws {
    self.run = run.standardizedFileURL
    var above = self.run
    var missing: [URL] = []
    while above.path != "/", !FileManager.default.fileExists(atPath: above.path) {
      missing.append(above)
      above.deleteLastPathComponent()
    }
    made = missing
    // Whoever lets go removes the file: a lock on one that is no longer there is none.
    repeat {
      try FileManager.default.makeFolder(self.run)
      if descriptor >= 0 { close(descriptor) }
      descriptor = try Self.locked(file, as: run.relativePath)
    } while !isInPlace
    note()
  }

  deinit { release() }

  /// - Throws: `TrainingError.underWayElsewhere` where another process has the run directory. Leaves no trace.
  public static func requireFree(_ run: URL) throws {
    let descriptor = open(run.appending(path: name).path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    throw TrainingError.underWayElsewhere(path: run.relativePath, process: holder(descriptor))
  }

  /// Lets others have the run directory. What was made for the lock alone goes: the file, and folders with nothing in them.
  public func release() {
    guard descriptor >= 0 else { return }
    unlink(file.path)
    for folder in made { rmdir(folder.path) }
    close(descriptor)
    descriptor = -1
  }

  /// What is left in a run directory by a process that was killed before its training was under way, and stands in nobody's way.
  public static func isRemains(_ name: String) -> Bool {
    name == Self.name || name.wholeMatch(of: /\.training\.json\.[0-9a-f]+\.partial/) != nil
  }

  /// Removes what processes that were killed have left half-written.
  public func removeRemains() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: run.path)) ?? []
    where name != Self.name && Self.isRemains(name) {
      try? FileManager.default.removeItem(at: run.appending(path: name))
    }
  }

  private var file: URL { run.appending(path: Self.name) }

  private static func locked(_ file: URL, as run: String) throws -> Int32 {
    let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FormatError.writeFailed(path: file.relativePath, reason: String(cString: strerror(errno)))
    }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK:
        let process = holder(descriptor)
        close(descriptor)
        throw TrainingError.underWayElsewhere(path: run, process: process)
      default:
        // Some disks of other machines know no locks.
        Logger(label: "graft.training").warning(
          "\(run) cannot be locked (\(String(cString: strerror(errno)))): nothing keeps another process from training into it"
        )
        return descriptor
      }
    }
    return descriptor
  }

  /// Whether the locked file is the one that has the name.
  private var isInPlace: Bool {
    var own = stat()
    var named = stat()
    return fstat(descriptor, &own) == 0 && stat(file.path, &named) == 0 && own.st_ino == named.st_ino
      && own.st_dev == named.st_dev
  }

  private func note() {
    ftruncate(descriptor, 0)
    // Without it the lock holds as well, and says less.
    _ = Array("\(getpid())\n".utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  private static func holder(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Int32(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).prefix { $0.isNumber })
  }
}
