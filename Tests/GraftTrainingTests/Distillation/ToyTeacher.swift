import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors

@testable import GraftTraining

/// A teacher of another size than its students, which knows the classes in another order.
enum ToyTeacher {
  static let classes = ["red", "blue"]

  static func model(size: Int = 12, classes: [String] = classes, seed: UInt64 = 3) throws -> TrainedModel {
    var backbone = try LayerGraph(input: [3, size, size])
    try backbone.add(Conv2D("conv1", filters: 5, kernel: 3, activation: .relu))
    let graph = try backbone.attaching(Head(classes: classes.count))
    var parameters = Parameters.initialized(graph.parameters, seed: seed)
    // A head that starts at zero would say nothing.
    var generator = SeededGenerator(seed: seed, stream: 1)
    for parameter in graph.parameters where parameter.name.hasPrefix("head") {
      parameters[parameter.name] = Tensor(
        (0..<parameter.shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: parameter.shape)
    }
    return TrainedModel(
      graph: graph, parameters: parameters, classes: classes,
      head: Set(graph.nodes.map(\.name).filter { backbone[$0] == nil }),
      view: EvaluationView(width: size, height: size, resize: .squash), preprocessing: .torch)
  }

  /// A model's logits for a view of images, one image at a time.
  static func logits(of samples: [Sample], _ model: TrainedModel, view: (any ImageView)? = nil) async throws
    -> [[Float]]
  {
    try await EngineActor.run {
      let graph = try model.logits
      let program = try InferenceProgram(graph, parameters: model.parameters, batch: 1)
      var rows: [[Float]] = []
      let loader = ImageLoader(
        samples: samples, view: view ?? model.view, preprocessing: model.preprocessing, batch: 1)
      for try await batch in loader {
        rows.append(try program.run([graph.inputs[0].name: batch.images])[graph.outputs[0]]?.floats ?? [])
      }
      return rows
    }
  }
}
