import Foundation
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import Testing

@testable import GraftTraining

/// Trainings with a teacher.
@Suite struct DistillationTrainingTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  private func trainer(
    _ configuration: TrainingConfiguration, _ unfreeze: LayerSelector = .head, loss: String = "distillation",
    teacher: TrainedModel?, training: [Sample]? = nil, dropout: Float = 0
  ) throws -> Trainer {
    var configuration = configuration
    configuration.losses = teacher == nil ? [] : [try LossConfiguration(parsing: loss)]
    let model = try ToyTask.model(dropout: dropout)
    return try Trainer(
      model, plan: FreezePlan(unfreeze, graph: model.graph, head: model.head), configuration: configuration,
      training: training ?? task.training, validation: task.validation, teacher: teacher.map { Teacher($0) })
  }

  @Test(arguments: [(1.0, 4.0), (0.3, 2.0)])
  func `a step goes where the teacher's probabilities and the labels say`(alpha: Double, temperature: Double)
    async throws
  {
    let teacher = try ToyTeacher.model()
    var configuration = ToyTask.configuration(epochs: 1, learningRate: 0.5)
    configuration.batch = 12
    let trainer = try trainer(
      configuration, loss: "distillation:alpha=\(alpha),temperature=\(temperature)", teacher: teacher)
    // The head's own bias moves by the mean of the gradient over the images, and nothing else.
    let lessons = try await ToyTeacher.logits(of: task.training, teacher)
    let starts = try await ToyTeacher.logits(of: task.training, ToyTask.model())
    func softmax(_ logits: [Float], _ temperature: Double) -> [Double] {
      let powers = logits.map { exp(Double($0) / temperature) }
      return powers.map { $0 / (powers[0] + powers[1]) }
    }
    var expected = [0.0, 0.0]
    for (place, sample) in task.training.enumerated() {
      // The teacher's order is the other way round.
      let lesson = softmax(lessons[place].reversed(), temperature)
      let (soft, hard) = (softmax(starts[place], temperature), softmax(starts[place], 1))
      for column in 0..<2 {
        let taught = soft[column] - lesson[column]
        let labelled = hard[column] - (sample.label == column ? 1 : 0)
        expected[column] -= 0.5 * (alpha * temperature * taught + (1 - alpha) * labelled) / 12
      }
    }
    let result = try await trainer.run()
    let bias = try #require(result.model.parameters["head_dense/bias"]).floats
    for column in 0..<2 { #expect(abs(Double(bias[column]) - expected[column]) < 1e-5) }
    #expect(abs(expected[0]) > 1e-3)
  }

  @Test func `validation goes by the labels alone`() async throws {
    let result = try await trainer(ToyTask.configuration(epochs: 2), teacher: ToyTeacher.model()).run()
    var loss = 0.0
    for prediction in result.validation {
      loss -= log(Double(prediction.probabilities[prediction.sample.label ?? 0])) / Double(result.validation.count)
    }
    #expect(abs(result.best.valLoss - loss) < 1e-5)
  }

  @Test func `a student learns from a teacher what its labels do not say`() async throws {
    let taught = try await task.trainer(.all, ToyTask.configuration(epochs: 30, learningRate: 0.05)).run()
    try #require(taught.best.valAccuracy == 1)
    // Every photograph is called blue.
    let misled = task.training.map { Sample(url: $0.url, path: $0.path, label: 0) }
    let configuration = ToyTask.configuration(epochs: 30, learningRate: 0.05)
    func run(_ teacher: TrainedModel?) async throws -> TrainingResult {
      try await trainer(configuration, .all, loss: "distillation:alpha=1", teacher: teacher, training: misled).run()
    }
    let (alone, student) = try await (run(nil), run(taught.model))
    #expect(alone.history.last?.valAccuracy == 0.5)
    #expect(try #require(student.history.last?.valAccuracy) > 0.8)
  }

  @Test(arguments: [LayerSelector.head, .all], [2, 3])
  func `a training in pieces comes to the same bytes`(unfreeze: LayerSelector, steps: Int) async throws {
    var configuration = ToyTask.configuration(epochs: 4, learningRate: 0.01)
    configuration.accumulation = 2
    configuration.augmentation = Augmentation(crop: nil, flips: true)
    let trainer = try trainer(configuration, unfreeze, teacher: ToyTeacher.model(), dropout: 0.3)
    let whole = try await trainer.run()
    let folder = task.folder.appending(path: "checkpoints")
    let pieces = try await trainer.runInPieces(
      of: steps, CheckpointSettings(folder: folder, interval: 0, resumes: true))
    #expect(whole.timeless == pieces.timeless)
    #expect(try whole.model.hashes == pieces.model.hashes)
    // Another teacher is another training.
    let other = try self.trainer(configuration, unfreeze, teacher: ToyTeacher.model(seed: 8), dropout: 0.3)
    await #expect(throws: TrainingError.checkpointOfAnotherTraining(path: folder.relativePath)) {
      try await other.run(checkpoints: CheckpointSettings(folder: folder, interval: 0, resumes: true))
    }
  }

  @Test func `later stages go on learning from the same teacher`() async throws {
    let model = try ToyTask.model()
    let stages = try [LayerSelector.head, .all].map {
      TrainingStage(plan: try FreezePlan($0, graph: model.graph, head: model.head), epochs: 2, learningRate: 0.05)
    }
    func run(_ teacher: TrainedModel?) async throws -> TrainingResult {
      try await Trainer(
        model, stages: stages, configuration: ToyTask.configuration(), training: task.training,
        validation: task.validation, teacher: teacher.map { Teacher($0) }
      ).run()
    }
    let (taught, alone) = try await (run(ToyTeacher.model()), run(nil))
    #expect(taught.history.count == 4 && taught.history.map(\.stage) == [1, 1, 2, 2])
    for (one, other) in zip(taught.history, alone.history) { #expect(one.loss != other.loss) }
  }

  @Test func `a rate can be looked for with a teacher`() async throws {
    let settings = LearningRateFinder.Settings(lowest: 1e-4, highest: 1e-2, steps: 12)
    func losses(_ teacher: TrainedModel?) async throws -> [Double] {
      let trainer = try trainer(ToyTask.configuration(), teacher: teacher)
      return try await LearningRateFinder(trainer, settings: settings).run().points.map(\.loss)
    }
    #expect(try await losses(ToyTeacher.model()) != losses(nil))
  }
}
