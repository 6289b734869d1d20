import Foundation
import GraftGraph
import GraftImages
import GraftPlanning
import Testing

@testable import GraftTraining

@Suite struct TrainingErrorTests {
  @Test(arguments: [
    (TrainingConfiguration(epochs: 0), "--epochs is 0; expected at least 1"),
    (TrainingConfiguration(batch: -4), "--batch is -4; expected at least 1"),
    (TrainingConfiguration(learningRate: 0), "--lr is 0.0; expected a positive number"),
    (TrainingConfiguration(learningRate: .nan), "--lr is nan; expected a positive number"),
    (TrainingConfiguration(learningRate: .infinity), "--lr is inf; expected a positive number"),
    (TrainingConfiguration(weightDecay: -1), "--weight-decay is -1.0; expected 0 or more"),
  ])
  func `a configuration that makes no sense`(configuration: TrainingConfiguration, expected: String) async throws {
    let task = try ToyTask(training: 2, validation: 2)
    #expect(await message { _ = try task.trainer(.head, configuration) } == expected)
  }

  @Test func `a plan that trains nothing`() async throws {
    let model = try ToyTask.model()
    let said = await message {
      _ = try Trainer(
        model, plan: FreezePlan(trainableLayers: []), configuration: TrainingConfiguration(), training: [],
        validation: [])
    }
    #expect(said == "the plan leaves nothing to train")
  }

  @Test(arguments: [
    (nil, "nothing is known of it"), (2, "the class 2 is none of the 2 classes that the model tells"),
    (-1, "the class -1 is none of the 2 classes that the model tells"),
  ])
  func `an image of none of the classes`(label: Int?, words: String) async throws {
    let task = try ToyTask(training: 2, validation: 2)
    let stray = Sample(url: task.training[0].url, path: "x.bmp", label: label)
    #expect(
      await message { _ = try task.trainer(adding: [stray]) }
        == "x.bmp cannot be learnt from: \(words)")
  }

  @Test func `the remaining messages`() {
    #expect(
      "\(TrainingError.noImages(role: "training", skipped: 3))"
        == "no training image can be read (3 were tried and skipped)")
    #expect(TrainingError.nothingTrains.localizedDescription == "the plan leaves nothing to train")
    #expect(
      "\(TrainingError.underWayElsewhere(path: "run", process: 123))"
        == "another process (123) is training into run. Wait until it is through, or name another folder; "
        + "to go on in its place, end it first with: kill -INT 123")
    #expect(
      "\(TrainingError.underWayElsewhere(path: "run", process: nil))"
        == "another process is training into run. Wait until it is through, or name another folder; "
        + "to go on in its place, end it first")
    #expect(
      "\(TrainingError.unsaved(path: "run", reason: "run/model.json cannot be written: No space left on device."))"
        == "run/model.json cannot be written: No space left on device. The run is not saved, but the training can be "
        + "finished when that is mended: graft finetune --resume run")
  }
}
