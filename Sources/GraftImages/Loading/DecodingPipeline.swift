import Foundation

/// Threads that work through numbered jobs in order, a limited way ahead of the one consumer, in bursts: when it finds
/// nothing finished, they do as many jobs as they may, and then rest until it has used all of them up. Beside a network
/// that computes on all processors they would make its threads wait for each other, which costs more than the bursts do.
///
/// They are no tasks of Swift's cooperative pool: decoding would keep its few threads from everything else.
/// All mutable state is guarded by `condition`, which is what makes the unchecked `Sendable` true.
final class DecodingPipeline<Image: Sendable>: @unchecked Sendable {
  typealias Outcome = Result<Image, ImageError>
  typealias Job = @Sendable (Int) throws(ImageError) -> Image

  private let condition = NSCondition()
  private let count: Int
  private let lookAhead: Int
  private let job: Job
  /// Finished and not yet released.
  private var outcomes: [Int: Outcome] = [:]
  /// The first job that no thread has taken.
  private var untaken = 0
  /// The first job that the consumer has not released.
  private var unreleased = 0
  /// Whether jobs may be taken: from when the consumer finds none finished until as many are as may be.
  private var isFilling = true
  private var isStopped = false
  private var consumer: (index: Int, continuation: CheckedContinuation<Void, Never>)?

  /// - Parameters:
  ///   - count: the jobs are `0 ..< count`.
  ///   - lookAhead: how many of them may be finished or in work without having been released.
  init(count: Int, lookAhead: Int, threads: Int, job: @escaping Job) {
    self.count = count
    self.lookAhead = lookAhead
    self.job = job
    for number in 0..<min(threads, count) {
      let thread = Thread { [self] in work() }
      thread.name = "graft-images-\(number)"
      thread.start()
    }
  }

  /// Waits, without holding a thread, until a job is finished.
  ///
  /// - Throws: `CancellationError` when the task is cancelled or the pipeline stopped.
  func outcome(at index: Int) async throws -> Outcome {
    try await withTaskCancellationHandler {
      await withCheckedContinuation { suspend($0, until: index) }
      return try finished(index)
    } onCancel: {
      stop()
    }
  }

  /// Forgets the outcome of a job and lets the threads go one further.
  func release(_ index: Int) {
    condition.withLock {
      outcomes[index] = nil
      unreleased = index + 1
      condition.broadcast()
    }
  }

  /// Lets the threads end after the job that each is at.
  func stop() {
    let waiting = condition.withLock {
      isStopped = true
      outcomes = [:]
      condition.broadcast()
      defer { consumer = nil }
      return consumer
    }
    waiting?.continuation.resume()
  }

  private func suspend(_ continuation: CheckedContinuation<Void, Never>, until index: Int) {
    let isReady = condition.withLock {
      if isStopped || outcomes[index] != nil { return true }
      isFilling = true
      condition.broadcast()
      consumer = (index, continuation)
      return false
    }
    if isReady { continuation.resume() }
  }

  private func finished(_ index: Int) throws -> Outcome {
    try condition.withLock {
      guard !isStopped, let outcome = outcomes[index] else { throw CancellationError() }
      return outcome
    }
  }

  private func work() {
    while let index = take() {
      let outcome = Outcome { () throws(ImageError) in try job(index) }
      deliver(outcome, of: index)
    }
  }

  /// The next job, or nil when there is none left.
  private func take() -> Int? {
    condition.withLock {
      while !isStopped, untaken < count, !isFilling || untaken >= unreleased + lookAhead { condition.wait() }
      guard !isStopped, untaken < count else { return nil }
      defer { untaken += 1 }
      return untaken
    }
  }

  private func deliver(_ outcome: Outcome, of index: Int) {
    let waiting = condition.withLock {
      if isStopped { return nil as CheckedContinuation<Void, Never>? }
      outcomes[index] = outcome
      guard outcomes.count == min(count, unreleased + lookAhead) - unreleased else { return nil }
      isFilling = false
      guard let consumer else { return nil }
      self.consumer = nil
      return consumer.continuation
    }
    waiting?.resume()
  }
}
