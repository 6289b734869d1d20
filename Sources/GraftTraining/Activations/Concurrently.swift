import Foundation
import Synchronization

/// Results of jobs that read, hash or wait for the disk, several at a time, in the jobs' order.
///
/// They run on Dispatch's threads: neither the engine's nor the few of Swift's cooperative pool may wait for a disk.
func concurrently<Result: Sendable>(_ count: Int, _ job: @escaping @Sendable (Int) -> Result) async -> [Result] {
  await withCheckedContinuation { continuation in
    DispatchQueue.global().async {
      let results = Mutex([Result?](repeating: nil, count: count))
      DispatchQueue.concurrentPerform(iterations: count) { index in
        let result = job(index)
        results.withLock { $0[index] = result }
      }
      continuation.resume(returning: results.withLock { $0.compactMap(\.self) })
    }
  }
}
