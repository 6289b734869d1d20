import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import Synchronization
import Testing

@testable import GraftTraining

/// A training goes on by the algorithms that it began with, whatever others have measured since.
@Suite struct KeptAlgorithmsTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  private static let hasWinograd =
    Machine.current.instructionSet.hasPrefix("avx512") && Machine.current.oneDNN.hasPrefix("2.")

  /// Finds always the same algorithm faster.
  private final class Opinion: AlgorithmRecord {
    let identity: String
    private let answer: AlgorithmTimes

    init(prefersWinograd: Bool) {
      identity = "\(prefersWinograd)"
      answer = AlgorithmTimes(
        direct: prefersWinograd ? 2 : 1, winograd: prefersWinograd ? 1 : 2, inputConversion: 0, outputConversion: 0)
    }

    func times(of signature: String) -> AlgorithmTimes? { answer }
    func remember(_ times: AlgorithmTimes, of signature: String) -> AlgorithmTimes { answer }
  }

  private var folder: URL { task.folder.appending(path: "checkpoints") }
  private var kept: URL { folder.appending(path: "algorithms") }

  private func settings(resumes: Bool) -> CheckpointSettings {
    CheckpointSettings(folder: folder, interval: 0, resumes: resumes)
  }

  /// With convolutions that Winograd's algorithm can compute: one that is frozen, and one that trains.
  private func trainer() throws -> Trainer {
    var backbone = try LayerGraph(input: [3, 20, 20])
    for (name, filters) in [("conv1", 32), ("conv2", 32), ("conv3", 32)] {
      try backbone.add(Conv2D(name, filters: filters, kernel: 3, padding: .same, activation: .relu))
    }
    let graph = try backbone.attaching(Head(classes: 2))
    let model = TrainedModel(
      graph: graph, parameters: .initialized(graph.parameters, seed: 1), classes: ToyTask.classes,
      head: Set(graph.nodes.map(\.name).filter { backbone[$0] == nil }),
      view: EvaluationView(width: 20, height: 20, resize: .squash), preprocessing: .tensorFlow)
    return try task.trainer(.from("conv3"), ToyTask.configuration(epochs: 4, learningRate: 0.01), model: model)
  }

  /// Trains by a record; stopped in the second epoch, or to the end.
  private func train(
    by record: (any AlgorithmRecord)?, _ settings: CheckpointSettings? = nil, stops: Bool = false
  ) async throws -> TrainingResult {
    let trainer = try trainer()
    return try await Task {
      try await ConvolutionAlgorithms.going(by: record) {
        try await trainer.run(checkpoints: settings) { event in
          if stops, case .epochEnded(let epoch) = event, epoch.epoch == 1 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }
    }.value
  }

  @Test(.enabled(if: hasWinograd, "this oneDNN has no Winograd convolution for this processor"))
  func `measurements that have become others since change no byte`() async throws {
    let (before, since) = (Opinion(prefersWinograd: true), Opinion(prefersWinograd: false))
    let whole = try await train(by: before)
    // The test can fail: by the others, the training comes to something else.
    #expect(try await train(by: since).model.hashes != whole.model.hashes)
    #expect(try await train(by: before, settings(resumes: false), stops: true).wasInterrupted)
    let resumed = try await train(by: since, settings(resumes: true))
    #expect(resumed.history.count == 4 && !resumed.wasInterrupted)
    #expect(try resumed.model.hashes == whole.model.hashes)
    #expect(resumed.timeless == whole.timeless)
  }

  @Test(.enabled(if: hasWinograd, "this oneDNN has no Winograd convolution for this processor"))
  func `a training that began without measurements goes on without`() async throws {
    let whole = try await train(by: nil)
    #expect(try await train(by: nil, settings(resumes: false), stops: true).wasInterrupted)
    #expect(try FileManager.default.contentsOfDirectory(atPath: kept.path).isEmpty)
    let resumed = try await train(by: Opinion(prefersWinograd: true), settings(resumes: true))
    #expect(try resumed.model.hashes == whole.model.hashes)
  }

  @Test func `what the shared record knew is copied, and what either learns both know`() throws {
    let times = AlgorithmTimes(direct: 0.25, winograd: 0.125, inputConversion: 1e-6, outputConversion: 3e-6)
    let cache = task.folder.appending(path: "cache")
    let shared = try AlgorithmFile(in: cache)
    _ = shared.remember(times, of: "known before")
    let record = try #require(KeptAlgorithms.opened(settings(resumes: false), beside: shared))
    #expect(record.identity == shared.identity)
    #expect(record.remember(times, of: "measured here") == times)
    #expect(shared.times(of: "measured here") == times)
    _ = shared.remember(times, of: "measured there")
    #expect(record.times(of: "measured there") == times)
    try FileManager.default.removeItem(at: cache)
    let later = try #require(KeptAlgorithms.opened(settings(resumes: true), beside: AlgorithmFile(in: cache)))
    #expect(later.identity == record.identity)
    for name in ["known before", "measured here", "measured there"] { #expect(later.times(of: name) == times) }
    // A training from its beginning has nothing to do with what was there.
    let fresh = try #require(KeptAlgorithms.opened(settings(resumes: false), beside: AlgorithmFile(in: cache)))
    #expect(fresh.identity != record.identity && fresh.times(of: "known before") == nil)
  }

  @Test func `of two measurements the shared one counts, and a folder that cannot be made costs nothing`() throws {
    let shared = Opinion(prefersWinograd: true)
    let times = AlgorithmTimes(direct: 1, winograd: 3, inputConversion: 0, outputConversion: 0)
    let record = try #require(KeptAlgorithms.opened(settings(resumes: false), beside: shared))
    #expect(record.remember(times, of: "a convolution").winograd == 1)
    #expect(record.times(of: "a convolution")?.winograd == 1)
    let file = task.folder.appending(path: "file")
    try Data().write(to: file)
    let nowhere = CheckpointSettings(folder: file.appending(path: "below"))
    #expect(KeptAlgorithms.opened(nowhere, beside: shared)?.identity == shared.identity)
  }
}
