import Foundation
import GraftEngine
import GraftImages
import GraftPlanning
import GraftTensors
import Synchronization
import Testing

@testable import GraftTraining

/// What a teacher says, view by view.
@Suite struct LessonsTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  private func trainer(
    views: Int = 3, adding extra: [Sample] = [], cache: FrontierCache? = nil, _ teacher: TrainedModel
  ) throws -> Trainer {
    var configuration = ToyTask.configuration(epochs: 6)
    configuration.augmentation = Augmentation(crop: RandomCrop(area: 0.3...0.6), flips: true)
    configuration.views = views
    configuration.frontierCache = cache
    let plain = try task.trainer(.head, configuration, adding: extra)
    return try Trainer(
      plain.model, stages: plain.stages, configuration: configuration, training: plain.training,
      validation: plain.validation, teacher: Teacher(teacher))
  }

  /// Has a teacher look at views of all images; its logits for the given ones.
  private func lessons(_ trainer: Trainer, of samples: [Sample], views: [Int]) async throws -> [[Float]] {
    try await EngineActor.run {
      let lessons = try await Lessons(try #require(trainer.teacher), trainer)
      var found: [[Float]] = []
      for view in views {
        try await lessons.prepare(view: view, report: { _ in }, skip: { _ in })
        found.append(lessons.logits(of: samples, view: view).floats)
      }
      return found
    }
  }

  @Test func `each view has its own, in the order of the student's classes`() async throws {
    let teacher = try ToyTeacher.model()
    let trainer = try trainer(teacher)
    let asked = [task.training[7], task.training[0], task.training[7]]
    let found = try await lessons(trainer, of: asked, views: [0, 2, 1])
    for (view, numbers) in zip([0, 2, 1], found) {
      let seen = TrainingView(
        teacher.view, try #require(trainer.configuration.augmentation), seed: trainer.configuration.seed, number: view)
      let expected = try await ToyTeacher.logits(of: asked, teacher, view: seen).flatMap { [$0[1], $0[0]] }
      for (one, other) in zip(numbers, expected) { #expect(abs(one - other) < 1e-5) }
      #expect(numbers.count == 6 && Array(numbers[..<2]) == Array(numbers[4...]))
    }
    #expect(found[0] != found[1] && found[1] != found[2])
  }

  @Test func `lessons are found again on the disk, and are the same`() async throws {
    let cache = FrontierCache(task.folder.appending(path: "cache"), limit: 1 << 20)
    let trainer = try trainer(cache: cache, ToyTeacher.model())
    let first = try await lessons(trainer, of: task.training, views: [0, 1])
    let files = try FileManager.default.contentsOfDirectory(atPath: cache.folder.path)
    #expect(files.count == 1)
    #expect(try await lessons(trainer, of: task.training, views: [0, 1]) == first)
    // Another teacher has others, in a file of its own.
    #expect(
      try await lessons(self.trainer(cache: cache, ToyTeacher.model(seed: 9)), of: task.training, views: [0]) != [
        first[0]
      ])
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.folder.path).count == 2)
  }

  @Test(arguments: [1 << 30, 0])
  func `what the teacher cannot see, nobody learns from`(cacheSize: Int) async throws {
    let bad = try task.unreadable()
    let lost = task.training[3]
    var trainer = try trainer(adding: [bad], ToyTeacher.model())
    trainer.configuration.cacheSize = cacheSize
    let told = Mutex<[Sample]>([])
    let result = try await trainer.run { event in
      switch event {
      case .skipped(let image): told.withLock { $0.append(image.sample) }
      // Gone when the student has seen the second view, and the teacher has not.
      case .progress(let progress) where progress.phase == .teaching && progress.completed > 0:
        try? FileManager.default.removeItem(at: lost.url)
      default: break
      }
    }
    #expect(told.withLock { $0 } == [bad, lost] && result.trainingImages == 11 && result.history.count == 6)
  }
}
