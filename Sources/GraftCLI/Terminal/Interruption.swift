import Foundation

/// Runs work that Ctrl-C or SIGTERM stops cleanly: the first cancels the work's task, a second ends the process.
func interruptible<Result: Sendable>(
  _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let task = Task { try await work() }
  let sources = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      if task.isCancelled { exit(Failure.Code.interrupted.rawValue) }
      Terminal.standard.write("stopping after this step; once more to stop at once")
      task.cancel()
    }
    source.resume()
    return source
  }
  defer { sources.forEach { $0.cancel() } }
  return try await task.value
}
