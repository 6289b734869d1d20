import Foundation

/// Runs work that Ctrl-C or SIGTERM stops cleanly: the first cancels the work's task, a second ends the process.
///
/// Once in a process, around all of its work: where it is called a second time, the first call's sources may still be on
/// their way out and take the new ones' signals with them.
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
