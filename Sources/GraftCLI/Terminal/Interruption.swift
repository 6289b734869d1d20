import Foundation
import Synchronization

/// Runs work that Ctrl-C or SIGTERM stops cleanly: the first cancels the work's task, a second ends the process, as any does where no such
/// work is under way.
func interruptible<Result: Sendable>(
  _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let task = Task { try await work() }
  Interruptions.shared.begin(cancel: { task.cancel() }, isCancelled: { task.isCancelled })
  defer { Interruptions.shared.end() }
  return try await task.value
}

/// The process's signals, taken once: a source that is on its way out would take the next one's signals with it.
private final class Interruptions: Sendable {
  static let shared = Interruptions()

  private struct Work: Sendable {
    let cancel: @Sendable () -> Void
    let isCancelled: @Sendable () -> Bool
  }

  private let work = Mutex<Work?>(nil)
  /// Held, and never touched again once they run.
  nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

  private init() {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for source in sources {
      source.setEventHandler { [weak self] in self?.interrupt() }
      source.resume()
    }
  }

  func begin(cancel: @escaping @Sendable () -> Void, isCancelled: @escaping @Sendable () -> Bool) {
    work.withLock { $0 = Work(cancel: cancel, isCancelled: isCancelled) }
  }

  func end() { work.withLock { $0 = nil } }

  private func interrupt() {
    guard let current = work.withLock(\.self), !current.isCancelled() else { exit(Failure.Code.interrupted.rawValue) }
    Terminal.standard.write("stopping after this step; once more to stop at once")
    current.cancel()
  }
}

/// Ends the process with a sentence where a file that it has mapped is cut short by another program: the system then
/// answers the next look into the missing part with SIGBUS.
func explainShrunkFiles() {
  var action = sigaction()
  let handler: @convention(c) (Int32) -> Void = { _ in
    // Only what is safe in a signal handler: the text lies in the program itself.
    let words: StaticString =
      "error: a file that was being read has been cut short by another program. Run this again when it is whole\n"
    _ = write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
    _exit(65)
  }
  #if canImport(Darwin)
    action.__sigaction_u.__sa_handler = handler
  #else
    action.__sigaction_handler.sa_handler = handler
  #endif
  sigaction(SIGBUS, &action, nil)
}
