import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import Testing

@testable import GraftTraining

/// Who may teach whom, and what goes with a teacher.
@Suite struct TeacherTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  private func trainer(
    _ teacher: TrainedModel?, solver: HeadSolver? = nil,
    _ change: (inout TrainingConfiguration) throws -> Void = { _ in }
  ) throws -> Trainer {
    var configuration = ToyTask.configuration()
    try change(&configuration)
    let model = try ToyTask.model()
    let stages = try TransferPlan().applied(to: model, epochs: 2, learningRate: 0.1, solver: solver, seed: 0).stages
    return try Trainer(
      model, stages: stages, configuration: configuration, training: task.training, validation: task.validation,
      teacher: teacher.map { Teacher($0) })
  }

  @Test func `classes are found by their names`() throws {
    let students = [PredictionTask.classification(classes: ["a", "b", "c"])]
    #expect(try Teacher(ToyTeacher.model(classes: ["c", "a", "b"])).columns(for: students) == [1, 2, 0])
  }

  @Test func `a teacher alone is a distillation`() throws {
    #expect(try trainer(ToyTeacher.model()).configuration.losses == [LossConfiguration(.distillation)])
    let loss = try LossConfiguration(parsing: "distillation:alpha=0.5,smoothing=0.1")
    let told = try trainer(ToyTeacher.model()) { $0.losses = [loss] }.configuration
    #expect(told.losses == [loss])
    #expect(told.withoutTeacher.losses == [LossConfiguration(.crossEntropy, smoothing: 0.1)])
  }

  @Test func `a teacher of other classes is refused by name`() async throws {
    #expect(
      await message { _ = try trainer(ToyTeacher.model(classes: ["red", "green", "white"])) }
        == "the model cannot teach this training: it does not know “blue”; these photographs show no “green”, “white”. "
        + "A teacher tells the same classes apart; name another with --teacher")
    let labels = [PredictionTask.multiLabel(labels: ToyTask.classes)]
    #expect(
      await message { _ = try Teacher(ToyTeacher.model()).columns(for: labels) }.contains("not of one class each"))
    var several = try ToyTeacher.model()
    several.tasks.append(several.tasks[0])
    #expect(await message { _ = try trainer(several) }.contains("tells several things at once"))
  }

  @Test func `what a teacher has no say in is refused`() async throws {
    let teacher = try ToyTeacher.model()
    #expect(
      await message { _ = try trainer(nil) { $0.losses = [LossConfiguration(.distillation)] } }
        == "--loss is distillation; expected --teacher beside it, with the run to learn from")
    #expect(
      await message { _ = try trainer(teacher) { $0.losses = [LossConfiguration(.focal)] } }
        == "--loss is focal; expected distillation beside --teacher, or no --teacher")
    #expect(await message { _ = try trainer(teacher) { $0.classWeights = .balanced } }.contains("--balance-sampling"))
    #expect(
      await message { _ = try trainer(teacher) { $0.augmentation = try Augmentation.parse("flip,mixup:0.2") } }
        .contains("nothing that mixes photographs beside --teacher"))
    #expect(await message { _ = try trainer(teacher, solver: HeadSolver(.lbfgs)) }.contains("--solver is lbfgs"))
    #expect(
      await message {
        _ = try trainer(teacher) { $0.losses = [LossConfiguration(.distillation), LossConfiguration(.distillation)] }
      }.contains("expected one, distillation"))
  }

  @Test func `a run's teacher is named with the hash of what it is`() async throws {
    let folder = task.folder.appending(path: "teacher")
    let files = FileManager.default
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    try ModelFiles.write(ToyTeacher.model(), to: folder)
    let first = try Teacher(run: folder)
    #expect(first.record?.run == folder.relativePath && first.precision == .float32)
    #expect(try Teacher(run: folder).record == first.record)
    try ModelFiles.write(ToyTeacher.model(seed: 4), to: folder)
    #expect(try Teacher(run: folder).record != first.record)
    // Numbers that are not those of the description are no teacher's at all.
    try ModelFiles.write(ToyTeacher.model(seed: 5), to: task.folder)
    let numbers = folder.appending(path: ModelFiles.weights)
    try files.removeItem(at: numbers)
    try files.copyItem(at: task.folder.appending(path: ModelFiles.weights), to: numbers)
    #expect(throws: TrainingError.self) { try Teacher(run: folder) }
  }
}
