import Foundation
import Graft
import Testing

private let file: URL? = {
  var folder = URL(filePath: #filePath)
  for _ in 0..<4 { folder.deleteLastPathComponent() }
  let file = folder.appending(path: "shared/weights/mobilenet_v1_0.25_224_imagenet.h5")
  return FileManager.default.fileExists(atPath: file.path) ? file : nil
}()

/// A real network whose 27 normalisations have statistics of ImageNet: what hurts most where they move unasked.
@Suite(.enabled(if: file != nil, "the published MobileNet file is not in ../shared/weights"))
struct SharedMobileNetTests {
  private func model() throws -> TrainedModel {
    let backbone = try Backbone(
      "mobilenet-0.25", weights: file, inputSize: 96, preprocessing: .tensorFlow)
    #expect(backbone.report.matching == .names)
    return try backbone.classifier(classes: ["ants", "bees"], seed: 1)
  }

  private var images: Tensor {
    var generator = SeededGenerator(seed: 5, stream: 0)
    return Tensor((0..<4 * 3 * 96 * 96).map { _ in 2 * generator.nextUniform() - 1 }, shape: [4, 3, 96, 96])
  }

  @Test func `with all but the head frozen, training computes what evaluation does, and only the head moves`()
    async throws
  {
    let model = try model()
    let graph = try model.graph.withoutFinalSoftmax()
    let plan = try FreezePlan(.head, graph: graph, head: model.head)
    let steps = try await Self.train(graph, model.parameters, plan, images, steps: 3)

    let largest = try #require(steps.evaluated.map(abs).max())
    #expect(zip(steps.evaluated, steps.trained).allSatisfy { abs($0 - $1) <= 1e-5 * largest })
    // What the program changed, and what of it differs: the head's two tensors, and no statistic.
    #expect(Set(steps.changed.tensors.keys) == ["head_dense/kernel", "head_dense/bias"])
    for (name, tensor) in steps.changed.tensors {
      #expect(tensor.floats != model.parameters[name]?.floats, "\(name)")
    }
  }

  @Test func `with normalisations that train, the statistics move`() async throws {
    let model = try model()
    let graph = try model.graph.withoutFinalSoftmax()
    let plan = try FreezePlan(.all, graph: graph, head: model.head, batchNorm: .train)
    let steps = try await Self.train(graph, model.parameters, plan, images, steps: 1)
    let moved = steps.changed.tensors.filter { $0.key.hasSuffix("/moving_mean") }
    #expect(moved.count == 27)
    for (name, tensor) in moved { #expect(tensor.floats != model.parameters[name]?.floats, "\(name)") }
  }

  /// The logits of evaluation and of the first training step, and the parameters after the last.
  @EngineActor
  private static func train(
    _ graph: LayerGraph, _ parameters: Parameters, _ plan: FreezePlan, _ images: Tensor, steps: Int
  ) throws -> (evaluated: [Float], trained: [Float], changed: Parameters) {
    let evaluated = try InferenceProgram(graph, parameters: parameters, batch: 4).run(images).floats
    // The whole network, not what follows the frontier: its normalisations run in training.
    let program = try TrainingProgram(graph, parameters: parameters, plan: plan, batch: 4, seed: 1)
    var trained: [Float] = []
    for step in 0..<steps {
      let logits = try program.forward([graph.inputs[0].name: images])
      if step == 0 { trained = logits.floats }
      try program.backward(SoftmaxCrossEntropy().evaluate(outputs: logits, targets: .classes([0, 1, 1, 0])).gradient)
      program.updateParameters { _, parameter, gradient in
        for index in parameter.indices { parameter[index] -= 0.01 * gradient[index] }
      }
    }
    return (evaluated, trained, try program.trainedParameters())
  }
}
