import Dispatch
import Foundation
import GraftGraph
import Synchronization
import Testing

@testable import GraftImages

struct DecodingPipelineTests {
  /// Counts the jobs that have begun.
  final class Counter: Sendable {
    private let begun = Mutex(0)
    func increment() { begun.withLock { $0 += 1 } }
    var count: Int { begun.withLock { $0 } }
  }

  private func waitUntil(_ condition: () -> Bool) async throws {
    for _ in 0..<3000 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
  }

  @Test func `jobs run no further ahead than allowed, and rest until all are used`() async throws {
    let counter = Counter()
    let pipeline = DecodingPipeline(count: 100, lookAhead: 5, threads: 2) { index throws(ImageError) in
      counter.increment()
      return [Float(index)]
    }
    try await waitUntil { counter.count == 5 }
    try await Task.sleep(for: .milliseconds(50))
    #expect(counter.count == 5)
    for index in 0..<5 {
      #expect(try await pipeline.outcome(at: index) == .success([Float(index)]))
      pipeline.release(index)
    }
    try await Task.sleep(for: .milliseconds(50))
    #expect(counter.count == 5)
    #expect(try await pipeline.outcome(at: 5) == .success([5]))
    #expect(counter.count == 10)
    pipeline.stop()
  }

  @Test func `outcomes come in order however long each job takes`() async throws {
    let pipeline = DecodingPipeline(count: 40, lookAhead: 8, threads: 4) { index throws(ImageError) in
      Thread.sleep(forTimeInterval: index % 3 == 0 ? 0.004 : 0)
      if index == 7 { throw .empty }
      return [Float(index)]
    }
    for index in 0..<40 {
      let outcome = try await pipeline.outcome(at: index)
      #expect(outcome == (index == 7 ? .failure(.empty) : .success([Float(index)])))
      pipeline.release(index)
    }
  }

  @Test func `threads end when the last job is done`() async throws {
    weak var ended: DecodingPipeline<[Float]>?
    do {
      let pipeline = DecodingPipeline(count: 3, lookAhead: 8, threads: 2) { _ throws(ImageError) in [Float]() }
      ended = pipeline
      for index in 0..<3 { _ = try await pipeline.outcome(at: index) }
    }
    try await waitUntil { ended == nil }
    #expect(ended == nil)
  }

  @Test func `threads end when an iteration is left in the middle`() async throws {
    let url = try Fixture.url("images/rgb.png")
    let samples = (0..<500).map { Sample(url: url, path: "\($0)", label: nil) }
    let loader = ImageLoader(
      samples: samples, view: EvaluationView(width: 8, height: 8), preprocessing: .identity, batch: 2, threads: 3)
    weak var decoding: DecodingPipeline<DecodedImage>?
    do {
      var iterator = loader.makeAsyncIterator()
      #expect(try await iterator.next()?.indices == [0, 1])
      decoding = iterator.pipeline
      #expect(decoding != nil)
    }
    try await waitUntil { decoding == nil }
    #expect(decoding == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a cancelled task stops waiting`() async throws {
    let gate = DispatchSemaphore(value: 0)
    let pipeline = DecodingPipeline(count: 1, lookAhead: 1, threads: 1) { _ throws(ImageError) in
      gate.wait()
      return [Float]()
    }
    let task = Task { try await pipeline.outcome(at: 0) }
    try await Task.sleep(for: .milliseconds(20))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    gate.signal()
  }
}
