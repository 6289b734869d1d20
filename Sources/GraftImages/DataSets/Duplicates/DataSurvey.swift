import Foundation

/// What a look at every file of a data set tells.
public struct DataSurvey: Sendable {
  /// One image, and where it is.
  public struct Entry: Hashable, Sendable {
    public let sample: Sample
    /// Nil for an image that nothing is known of.
    public let side: Side?
    public let facts: Result<ImageFacts, ImageError>
  }

  public let entries: [Entry]
  /// Images that show the same, by their positions in `entries`.
  public let duplicates: [DuplicateGroup]

  /// Duplicates on more than one side: what is learnt from the one is no proof on the other.
  public var leaks: [DuplicateGroup] {
    duplicates.filter { Set($0.members.compactMap { entries[$0].side }).count > 1 }
  }

  /// Duplicates of which different things are said to be right.
  public var contradictions: [DuplicateGroup] {
    duplicates.filter { group in
      Set(group.members.map { entries[$0].sample.targets }.filter { !$0.isEmpty }).count > 1
    }
  }

  /// Files that are no images, and why.
  public var unreadable: [SkippedImage] {
    entries.compactMap { entry in
      if case .failure(let reason) = entry.facts { SkippedImage(sample: entry.sample, reason: reason) } else { nil }
    }
  }
}

extension ImageDatasets {
  /// Looks at every file and finds duplicates.
  ///
  /// - Parameters:
  ///   - search: what counts as the same; nil looks for none.
  ///   - threads: how many files are decoded at once; nil means one for each processor.
  ///   - progress: called with the images seen so far.
  /// - Throws: `CancellationError` when the task is cancelled.
  public func survey(
    _ search: DuplicateSearch? = DuplicateSearch(), threads: Int? = nil,
    progress: @Sendable (WorkProgress) -> Void = { _ in }
  ) async throws -> DataSurvey {
    let placed: [(samples: [Sample], side: Side?)] = [
      (training, .training), (validation, .validation), (test, .test), (unlabelled, nil),
    ]
    let samples = placed.flatMap { samples, side in samples.map { (sample: $0, side: side) } }
    let facts = try await Self.facts(of: samples.map(\.sample), threads: threads, progress)
    let entries = zip(samples, facts).map { DataSurvey.Entry(sample: $0.sample, side: $0.side, facts: $1) }
    let duplicates = try search?.groups(among: facts.map { try? $0.get() }) { first, second in
      Self.haveSameBytes(samples[first].sample, samples[second].sample)
    }
    return DataSurvey(entries: entries, duplicates: duplicates ?? [])
  }

  private static func facts(
    of samples: [Sample], threads: Int?, _ progress: @Sendable (WorkProgress) -> Void
  ) async throws -> [Result<ImageFacts, ImageError>] {
    let threads = max(threads ?? ProcessInfo.processInfo.activeProcessorCount, 1)
    let pipeline = DecodingPipeline(count: samples.count, lookAhead: 64 * threads, threads: threads) {
      index throws(ImageError) in try ImageFacts(of: samples[index].content())
    }
    defer { pipeline.stop() }
    var clock = ProgressClock()
    clock.begin(.decoding, total: samples.count)
    var facts: [Result<ImageFacts, ImageError>] = []
    for index in samples.indices {
      facts.append(try await pipeline.outcome(at: index))
      pipeline.release(index)
      progress(clock.progress(index + 1))
    }
    return facts
  }

  private static func haveSameBytes(_ first: Sample, _ second: Sample) -> Bool {
    guard let one = try? Data(contentsOf: first.url), let other = try? Data(contentsOf: second.url) else {
      return false
    }
    return one == other
  }
}
