import Foundation

/// Another process, from its start to its end. Foundation's `Process` cannot wait for a limited time.
struct ChildProcess: ~Copyable {
  enum End: Equatable {
    case exited(Int32)
    case killed(Int32)
    /// It did not end in time, and was killed.
    case timedOut
  }

  struct StartError: Error {
    let reason: String
  }

  private let identifier: pid_t
  /// The end of a pipe whose other end only the child holds: it tells when that is gone.
  private let lifeline: Int32

  /// Starts a program with no input, whose messages nobody reads.
  ///
  /// - Parameters:
  ///   - output: an open file, for its stdout.
  ///   - environment: what is added to this process's own.
  init(_ program: URL, arguments: [String], output: Int32, environment: [String: String]) throws(StartError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw StartError(reason: systemReason()) }
    let (lifeline, childsEnd) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(childsEnd) }

    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    // What it says goes into the pipe, where it is thrown away.
    posix_spawn_file_actions_adddup2(&actions, childsEnd, STDERR_FILENO)
    // Threads of a thread pool block signals, and a child inherits that.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    let path = program.path(percentEncoded: false)
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    var identifier: pid_t = 0
    let code = withCStrings([path] + arguments) { arguments in
      withCStrings(variables) { posix_spawn(&identifier, path, &actions, &attributes, arguments, $0) }
    }
    guard code == 0 else {
      close(lifeline)
      throw StartError(reason: systemReason(code))
    }
    self.identifier = identifier
    self.lifeline = lifeline
  }

  deinit {
    close(lifeline)
  }

  /// Waits for the end, at most so long; then ends the process.
  consuming func wait(seconds: Int) -> End {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var isTimedOut = false
    var said = [UInt8](repeating: 0, count: 4096)
    while true {
      let rest = (deadline - .now).components
      guard rest.seconds >= 0, rest.attoseconds >= 0 else {
        isTimedOut = true
        break
      }
      var event = pollfd(fd: lifeline, events: Int16(POLLIN), revents: 0)
      let milliseconds = rest.seconds * 1000 + rest.attoseconds / 1_000_000_000_000_000 + 1
      if poll(&event, 1, Int32(clamping: milliseconds)) < 0 { if errno == EINTR { continue } else { break } }
      // Nothing left to read and no other end: the process is gone, or has closed its stderr and is waited for below.
      if event.revents != 0, read(lifeline, &said, said.count) <= 0 { break }
    }
    if isTimedOut { kill(identifier, SIGKILL) }
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    if isTimedOut { return .timedOut }
    // The macros WIFEXITED and WEXITSTATUS, which Swift does not import.
    return status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(status & 0x7f)
  }
}

/// Lends a list of C strings, closed by a null pointer.
private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = strings.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  return body(copies + [nil])
}
