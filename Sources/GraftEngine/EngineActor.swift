import Foundation

/// Where all numbers are computed: one thread of its own.
///
/// oneDNN's threads are OpenMP's, and every thread that calls it gets a team of them; a second caller would double the
/// threads and halve the speed. An actor on the shared pool would wander from thread to thread.
@globalActor
public actor EngineActor {
  public static let shared = EngineActor()

  private let executor = ThreadExecutor(name: "graft-engine")

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }
}

extension EngineActor {
  /// Runs `body` where all numbers are computed.
  public static func run<Result: Sendable>(
    _ body: @EngineActor @Sendable () async throws -> Result
  ) async rethrows -> Result {
    try await body()
  }
}

/// Runs jobs one after another on one thread that lives as long as the process.
private final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
  // Guards `jobs`; everything else is immutable.
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  init(name: String) {
    let thread = Thread { [unowned self] in runJobs() }
    thread.name = name
    thread.stackSize = 16 << 20
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock {
      jobs.append(job)
      condition.signal()
    }
  }

  private func runJobs() {
    while true {
      let batch = condition.withLock {
        while jobs.isEmpty { condition.wait() }
        defer { jobs.removeAll() }
        return jobs
      }
      for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }
}
