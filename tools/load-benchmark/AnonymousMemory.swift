import Foundation
import Synchronization

/// The memory that a process has for itself, in bytes: not the mapped files, which the system can drop at any time.
enum AnonymousMemory {
  static var now: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    return (line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0) * 1024
  }

  /// Looks every millisecond.
  final class Watch: Sendable {
    private let peak = Mutex(0)
    private let isDone = Atomic(false)

    init() {
      Thread.detachNewThread { [self] in
        while !isDone.load(ordering: .relaxed) {
          look()
          usleep(1000)
        }
      }
    }

    private func look() {
      let now = AnonymousMemory.now
      peak.withLock { $0 = max($0, now) }
    }

    /// The most that was seen.
    func stop() -> Int {
      look()
      isDone.store(true, ordering: .relaxed)
      return peak.withLock { $0 }
    }
  }
}
