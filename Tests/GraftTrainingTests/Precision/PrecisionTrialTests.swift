import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors
import Synchronization
import Testing

@testable import GraftTraining

@Suite struct PrecisionTrialTests {
  /// Its pictures go away with it, and the cache, which lies in its folder.
  private let task: ToyTask
  private var folder: URL { task.folder.appending(path: "cache") }
  private var cache: FrontierCache { FrontierCache(folder, limit: 1 << 20) }

  init() throws { task = try ToyTask(training: 20) }

  /// How many images each trial has computed.
  private final class Count: Sendable {
    let images = Mutex<[Int]>([])
  }

  private func trial(
    _ model: TrainedModel? = nil, cosine: Double = 0.9999, hasBFloat16: Bool = true, counting count: Count = Count()
  ) throws -> PrecisionTrial {
    let model = try model ?? ToyTask.model()
    return PrecisionTrial(
      graph: try model.features, parameters: model.parameters, view: model.view, preprocessing: model.preprocessing,
      hasBFloat16: hasBFloat16
    ) { batches in
      let images = batches.reduce(0) { $0 + $1.shape[0] }
      count.images.withLock { $0.append(images) }
      return (0..<images).map { $0 == images - 1 ? cosine : 1 }
    }
  }

  private func change(_ sample: Sample) throws {
    var content = try Data(contentsOf: sample.url)
    content[content.count - 1] ^= 128
    try content.write(to: sample.url)
  }

  @Test func `one photograph below the bound is enough for float32`() async throws {
    let kept = try await trial(cosine: 0.999).choose(on: task.training)
    #expect(kept.precision == .bfloat16)
    #expect(kept.trial?.leastCosine == 0.999 && kept.trial?.photographs == 8)
    let lost = try await trial(cosine: 0.998).choose(on: task.training)
    #expect(lost.precision == .float32 && lost.reason == .trial)
  }

  @Test func `a processor without bfloat16 needs no trial`() async throws {
    let count = Count()
    let choice = try await trial(hasBFloat16: false, counting: count).choose(on: task.training, cache: cache)
    #expect(choice.precision == .float32 && choice.reason == .processor && choice.trial == nil)
    #expect(count.images.withLock { $0 } == [])
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test func `unreadable photographs are passed over, and others take their places`() async throws {
    let notes = try (0..<9).map { try task.unreadable("train/blue/\($0).jpg") }
    let mixed = notes[..<5] + task.training[..<6] + notes[5...] + task.training[6...8]
    let choice = try await trial().choose(on: Array(mixed))
    #expect(choice.trial?.photographs == 8)
    let few = try await trial().choose(on: notes + task.training[..<2])
    #expect(few.trial?.photographs == 2)
    let none = try await trial().choose(on: notes, cache: cache)
    #expect(none.precision == .float32 && none.reason == .noPhotograph)
    #expect(try await trial().choose(on: []).reason == .noPhotograph)
  }

  @Test func `what was found is remembered, and a new photograph alone is tried`() async throws {
    let count = Count()
    let cold = try await trial(counting: count).choose(on: task.training, cache: cache)
    // A comparison that would come to another end is not asked.
    let warm = try await trial(cosine: 0.5, counting: count).choose(on: task.training, cache: cache)
    #expect(warm == cold)
    // The first photograph is in every sample.
    try change(task.training[0])
    let changed = try await trial(cosine: 0.5, counting: count).choose(on: task.training, cache: cache)
    #expect(changed.precision == .float32 && changed.trial?.leastCosine == 0.5)
    #expect(count.images.withLock { $0 } == [8, 1])
    // Without a cache nothing is remembered, and without room neither.
    for cache in [nil, FrontierCache(folder.appending(path: "small"), limit: 100)] {
      for _ in 0..<2 { _ = try await trial(counting: count).choose(on: task.training, cache: cache) }
    }
    #expect(count.images.withLock { $0 } == [8, 1, 8, 8, 8, 8])
  }

  @Test func `whatever else decides the features makes another trial`() async throws {
    let count = Count()
    _ = try await trial(counting: count).choose(on: task.training, cache: cache)
    var weight = try ToyTask.model()
    var numbers = try #require(weight.parameters["conv1/kernel"]).floats
    numbers[5] = numbers[5].nextUp
    weight.parameters["conv1/kernel"] = Tensor(numbers, shape: [6, 3, 3, 3])
    var view = try ToyTask.model()
    view.view.resize = .shorterSideAndCrop
    var preprocessing = try ToyTask.model()
    preprocessing.preprocessing.mean[1] = preprocessing.preprocessing.mean[1].nextDown
    for model in [weight, view, preprocessing] {
      _ = try await trial(model, counting: count).choose(on: task.training, cache: cache)
    }
    #expect(count.images.withLock { $0 } == [8, 8, 8, 8])
    // What the head makes of the features decides nothing.
    var head = try ToyTask.model(dropout: 0.5)
    head.parameters["head_dense/bias"] = Tensor([1, 2], shape: [2])
    _ = try await trial(head, counting: count).choose(on: task.training, cache: cache)
    #expect(count.images.withLock { $0 }.count == 4)
  }

  @Test func `a damaged file and a torn record are tried again`() async throws {
    let count = Count()
    let cold = try await trial(counting: count).choose(on: task.training, cache: cache)
    let file = folder.appending(path: try #require(FileManager.default.contentsOfDirectory(atPath: folder.path).first))
    #expect(file.pathExtension == "cosines")
    var content = try Data(contentsOf: file)
    // In the first record's cosine, behind the header and the key.
    content[64 + ImageKey.byteCount + 2] ^= 1
    try content.dropLast(10).write(to: file)
    #expect(try await trial(counting: count).choose(on: task.training, cache: cache) == cold)
    #expect(count.images.withLock { $0 } == [8, 2])
    try Data("no records".utf8).write(to: file)
    #expect(try await trial(counting: count).choose(on: task.training, cache: cache) == cold)
    #expect(count.images.withLock { $0 } == [8, 2, 8])
  }

  @Test func `a folder that cannot be written to costs nothing but the trial`() async throws {
    let nowhere = FrontierCache(URL(filePath: "/dev/null/no-cache"), limit: 1 << 20)
    #expect(try await trial().choose(on: task.training, cache: nowhere).trial?.photographs == 8)
  }

  @Test func `the features are what the head's first weights read`() throws {
    #expect(try ToyTask.model().features.outputs == ["head_pool"])
    #expect(try ToyTask.model(dropout: 0.5).features.outputs == ["head_pool"])
    var headless = try ToyTask.model()
    headless.head = []
    #expect(try headless.features.outputs == ["head_dense"])
  }
}

/// The same with the numbers that the engine computes.
@Suite(.enabled(if: Precision.bfloat16.isNative, "this processor does not multiply bfloat16 of itself"))
struct NativePrecisionTrialTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  @Test func `an ordinary network keeps its features`() async throws {
    let choice = try await PrecisionTrial(ToyTask.model()).choose(on: task.training)
    #expect(choice.precision == .bfloat16, "\(choice)")
    let least = try #require(choice.trial?.leastCosine)
    #expect(least >= 0.999 && least < 1)
  }

  @Test func `a network that takes the difference of almost equal numbers does not`() async throws {
    var graph = try LayerGraph(input: [3, 8, 8])
    try graph.add(Conv2D("sum", filters: 6, kernel: 1))
    try graph.add(Conv2D("difference", filters: 4, kernel: 1))
    let full = try graph.attaching(Head(classes: 2))
    var model = try ToyTask.model()
    model.graph = full
    model.parameters = .initialized(full.parameters, seed: 3)
    // Everything rides on 100, of which bfloat16 keeps no fraction; the second layer takes it off again.
    model.parameters["sum/bias"] = Tensor([Float](repeating: 100, count: 6), shape: [6])
    let weights: [Float] = (0..<4).flatMap { row in (0..<6).map { $0 == row ? 1 : $0 == row + 1 ? -1 : 0 } }
    model.parameters["difference/kernel"] = Tensor(weights, shape: [4, 6, 1, 1])
    let choice = try await PrecisionTrial(model).choose(on: task.training)
    #expect(choice.precision == .float32 && choice.reason == .trial, "\(choice)")
    #expect(choice.trial?.photographs == 8)
  }
}
