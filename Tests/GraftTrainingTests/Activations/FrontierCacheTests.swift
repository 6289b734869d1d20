import Foundation
import GraftFormats
import GraftGraph
import GraftImages
import GraftPlanning
import GraftTensors
import Synchronization
import Testing

@testable import GraftTraining

/// Whole trainings with a frontier cache: what they remember, and that no bit depends on it.
@Suite struct FrontierCacheTests {
  /// Its pictures go away with it, and the cache, which lies in its folder.
  private let task: ToyTask
  private var folder: URL { task.folder.appending(path: "cache") }

  init() throws { task = try ToyTask() }

  private func configuration(
    limit: Int = 1 << 20, cacheSize: Int = 1 << 30, isStrict: Bool = false
  ) -> TrainingConfiguration {
    var configuration = ToyTask.configuration(isStrict: isStrict, cacheSize: cacheSize)
    configuration.frontierCache = FrontierCache(folder, limit: limit)
    return configuration
  }

  private var files: [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().map { folder.appending(path: $0) }
  }

  /// Changes the bytes of the cache's only file.
  private func damage(_ change: (inout Data) -> Void) throws {
    let file = try #require(files.first)
    var data = try Data(contentsOf: file)
    change(&data)
    try data.write(to: file)
  }

  @Test(arguments: [1 << 30, 0], [LayerSelector.head, .from("conv2")])
  func `cold, warm and without a cache, a training gives the same bytes`(cacheSize: Int, unfreeze: LayerSelector)
    async throws
  {
    let without = try await task.trainer(unfreeze).run()
    let cold = try await task.trainer(unfreeze, configuration(cacheSize: cacheSize)).run()
    let warm = try await task.trainer(unfreeze, configuration(cacheSize: cacheSize)).run()
    #expect([without, cold, warm].map(\.remembered) == [0, 0, 18])
    #expect(files.count == 1)
    for result in [cold, warm] {
      #expect(result.timeless == without.timeless)
      #expect(try result.model.hashes == without.model.hashes)
      #expect((result.trainingImages, result.validationImages) == (12, 6))
    }
  }

  @Test(arguments: [1 << 30, 0])
  func `an image among them that is new alone is computed, and the bytes are those of a cold start`(cacheSize: Int)
    async throws
  {
    let configuration = configuration(cacheSize: cacheSize)
    // Others stand beside an image in its batch than before, and it stands elsewhere.
    let model = try ToyTask.model()
    let part = try Trainer(
      model, plan: FreezePlan(.head, graph: model.graph, head: model.head), configuration: configuration,
      training: Array(task.training[3..<8]), validation: [task.validation[4]])
    #expect(try await part.run().remembered == 0)
    let warm = try await task.trainer(.head, configuration).run()
    #expect(warm.remembered == 6)
    #expect(try await warm.model.hashes == task.trainer(.head).run().model.hashes)
  }

  @Test func `a changed photograph is another one, also under its old name and date`() async throws {
    _ = try await task.trainer(.head, configuration()).run()
    let photograph = task.training[4].url
    let date = try FileManager.default.attributesOfItem(atPath: photograph.path)[.modificationDate]
    var content = try Data(contentsOf: photograph)
    content[content.count - 1] ^= 128
    try content.write(to: photograph)
    if let date { try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: photograph.path) }
    let warm = try await task.trainer(.head, configuration()).run()
    #expect(warm.remembered == 17)
    #expect(try await warm.model.hashes == task.trainer(.head).run().model.hashes)
    // A copy under another name is the same photograph.
    let copy = task.folder.appending(path: "train/blue/copy.bmp")
    try content.write(to: copy)
    let more = try task.trainer(.head, configuration(), adding: [Sample(url: copy, path: "copy.bmp", label: 0)])
    #expect(try await more.run().remembered == 19)
  }

  @Test func `whatever else decides the activations makes them others`() async throws {
    _ = try await task.trainer(.head, configuration()).run()
    var weight = try ToyTask.model()
    var numbers = try #require(weight.parameters["conv1/kernel"]).floats
    numbers[5] = numbers[5].nextUp
    weight.parameters["conv1/kernel"] = Tensor(numbers, shape: [6, 3, 3, 3])
    var view = try ToyTask.model()
    view.view.resize = .shorterSideAndCrop
    var preprocessing = try ToyTask.model()
    preprocessing.preprocessing.mean[1] = preprocessing.preprocessing.mean[1].nextDown
    for (count, model) in zip(2..., [weight, view, preprocessing]) {
      #expect(try await task.trainer(.head, configuration(), model: model).run().remembered == 0)
      #expect(files.count == count)
    }
    #expect(try await task.trainer(.from("conv2"), configuration()).run().remembered == 0)
    // What follows the frontier decides nothing.
    var head = try ToyTask.model(dropout: 0.5)
    head.parameters["head_dense/bias"] = Tensor([1, 2], shape: [2])
    #expect(try await task.trainer(.head, configuration(), model: head).run().remembered == 18)
  }

  @Test(arguments: [1 << 30, 0])
  func `unreadable images are skipped in their order, warm as cold`(cacheSize: Int) async throws {
    let broken = try [task.unreadable("train/a.jpg"), task.unreadable("train/b.jpg")]
    let cutOff = Sample(url: task.folder.appending(path: "train/c.bmp"), path: "train/c.bmp", label: 1)
    try Data(contentsOf: task.training[0].url).dropLast(20).write(to: cutOff.url)
    let training = [broken[0]] + task.training[..<7] + [cutOff, broken[1]] + task.training[7...]
    let model = try ToyTask.model()
    for (round, isCached) in [false, true, true].enumerated() {
      let reported = Mutex<[Sample]>([])
      let trainer = try Trainer(
        model, plan: FreezePlan(.head, graph: model.graph, head: model.head),
        configuration: isCached ? configuration(cacheSize: cacheSize) : ToyTask.configuration(), training: training,
        validation: task.validation)
      let result = try await trainer.run { event in
        if case .skipped(let image) = event { reported.withLock { $0.append(image.sample) } }
      }
      #expect(result.skipped.map(\.sample) == [broken[0], cutOff, broken[1]])
      #expect(reported.withLock { $0 } == result.skipped.map(\.sample))
      #expect(result.remembered == (round == 2 ? 18 : 0))
      // The order of the readable ones is that without the others: it decides the shuffling, and so every bit.
      #expect(try await result.model.hashes == task.trainer(.head).run().model.hashes)
    }
    let strict = try Trainer(
      model, plan: FreezePlan(.head, graph: model.graph, head: model.head),
      configuration: configuration(cacheSize: cacheSize, isStrict: true), training: training,
      validation: task.validation)
    #expect(
      await message { _ = try await strict.run() }
        == "train/a.jpg: text, not an image: remove the file, or put the image in its place")
  }

  @Test(arguments: [1 << 30, 0], [100, 400, 1])
  func `a cache that was damaged or torn gives the same bytes`(cacheSize: Int, place: Int) async throws {
    let cold = try await task.trainer(.head, configuration(cacheSize: cacheSize)).run()
    try damage { $0[$0.count - place] ^= 1 }
    let flipped = try await task.trainer(.head, configuration(cacheSize: cacheSize)).run()
    #expect(flipped.timeless == cold.timeless)
    #expect(try flipped.model.hashes == cold.model.hashes)
    // A process killed while it wrote leaves the beginning of a record.
    try damage { $0.removeLast(place) }
    let torn = try await task.trainer(.head, configuration(cacheSize: cacheSize)).run()
    #expect(try torn.model.hashes == cold.model.hashes)
    #expect(try await task.trainer(.head, configuration(cacheSize: cacheSize)).run().remembered == 18)
  }

  @Test func `an interrupted first pass is not lost`() async throws {
    let task = try ToyTask(training: 40)
    var configuration = configuration()
    configuration.frontierCache = FrontierCache(folder, limit: 1 << 20)
    let trainer = try task.trainer(.head, configuration)
    _ = await message {
      try await Task {
        _ = try await trainer.run { event in
          if case .progress(let progress) = event, progress.completed >= 16 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }.value
    }
    let again = try await task.trainer(.head, configuration).run()
    #expect(again.remembered >= 16 && again.remembered < 46)
    #expect(try await again.model.hashes == task.trainer(.head).run().model.hashes)
  }

  @Test func `trainings at once share and extend one cache`() async throws {
    let expected = try await task.trainer(.head).run().model.hashes
    let trainers = try (0..<4).map { _ in try task.trainer(.head, configuration()) }
    try await withThrowingTaskGroup(of: [String: String].self) { group in
      for trainer in trainers { group.addTask { try await trainer.run().model.hashes } }
      for try await hashes in group { #expect(hashes == expected) }
    }
    #expect(try await task.trainer(.head, configuration()).run().remembered == 18)
    let size = try #require(try files.first.map { try Data(contentsOf: $0).count })
    #expect(size == RecordFile.byteCount(of: 18, keyBytes: ImageKey.byteCount, payloadBytes: 24))
  }

  @Test(arguments: [1 << 30, 0])
  func `a folder that cannot be written to means no cache, and no failure`(cacheSize: Int) async throws {
    try Data("in the way".utf8).write(to: folder)
    let result = try await task.trainer(.head, configuration(cacheSize: cacheSize)).run()
    #expect(result.remembered == 0)
    #expect(try await result.model.hashes == task.trainer(.head).run().model.hashes)
  }

  @Test func `what has not been used for longest is removed first`() async throws {
    // 18 records of 104 bytes and a header; a little more than two such files fit.
    let limit = 2 * (64 + 18 * 104) + 100
    func run(_ seed: UInt64) async throws -> Int {
      try await task.trainer(.head, configuration(limit: limit), model: ToyTask.model(seed: seed)).run().remembered
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(count: 9000).write(to: folder.appending(path: "a user's own"))
    #expect(try await [run(1), run(2), run(1)] == [0, 0, 18])
    #expect(try await run(3) == 0)
    #expect(files.count == 3)
    #expect(try await [run(1), run(3), run(2)] == [18, 18, 0])
    #expect(FileManager.default.fileExists(atPath: folder.appending(path: "a user's own").path))
  }

  @Test func `a training that the limit does not hold leaves the disk alone`() async throws {
    let result = try await task.trainer(.head, configuration(limit: 64 + 17 * 104)).run()
    #expect(result.remembered == 0 && files.isEmpty)
    // Nothing is frozen: decoded images are not worth their room.
    _ = try await task.trainer(.all, configuration()).run()
    #expect(files.isEmpty)
  }

  @Test func `a file that would outgrow the limit is begun anew`() async throws {
    let limit = 64 + 20 * 104
    _ = try await task.trainer(.head, configuration(limit: limit)).run()
    let other = try ToyTask(training: 4, validation: 2)
    let model = try ToyTask.model()
    var (training, validation) = (other.training, other.validation)
    for sample in [training[1], validation[0]] {
      var content = try Data(contentsOf: sample.url)
      content[content.count - 1] ^= 64
      try content.write(to: sample.url)
    }
    training += task.training[8...]
    validation += task.validation[3...]
    let trainer = try Trainer(
      model, plan: FreezePlan(.head, graph: model.graph, head: model.head), configuration: configuration(limit: limit),
      training: training, validation: validation)
    let (first, second) = (try await trainer.run(), try await trainer.run())
    #expect(second.remembered == 13)
    #expect(try first.model.hashes == second.model.hashes)
    let size = try #require(try files.first.map { try Data(contentsOf: $0).count })
    #expect(size <= limit)
  }

  @Test func `the events tell how many were remembered`() async throws {
    for expected in [0, 18] {
      var found: Int?
      for try await event in try task.trainer(.head, configuration()).events() {
        if case .prepared(18, true, true, let remembered) = event { found = remembered }
      }
      #expect(found == expected)
    }
  }
}
