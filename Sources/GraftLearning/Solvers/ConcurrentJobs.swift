import Foundation
import Synchronization

/// Jobs that compute, on all cores at once, called from anywhere.
enum ConcurrentJobs {
  /// The jobs' results, in their order.
  ///
  /// - Parameter job: is told its number, and what to call now and then: it throws once the task that called is cancelled or
  ///   another job has failed.
  /// - Throws: what the first job to fail threw.
  static func run<Result: Sendable>(
    _ count: Int, _ job: @Sendable (_ number: Int, _ check: @Sendable () throws -> Void) throws -> Result
  ) throws -> [Result] {
    let state = Mutex((results: [Result?](repeating: nil, count: count), failure: (any Error)?.none))
    try withUnsafeCurrentTask { task in
      // Its isCancelled may be read from any thread, and the task outlives this call.
      nonisolated(unsafe) let task = task
      let check: @Sendable () throws -> Void = {
        if task?.isCancelled == true { throw CancellationError() }
        if let failure = state.withLock({ $0.failure }) { throw failure }
      }
      DispatchQueue.concurrentPerform(iterations: count) { number in
        do {
          try check()
          let result = try job(number, check)
          state.withLock { $0.results[number] = result }
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
      if let failure = state.withLock({ $0.failure }) { throw failure }
    }
    return state.withLock { $0.results.compactMap(\.self) }
  }
}
