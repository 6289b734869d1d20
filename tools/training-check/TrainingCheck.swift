import ArgumentParser
import Foundation
import Graft

/// Trains a whole network for a few steps on one given batch and writes every number down, for
/// `tools/reference/training.py` to hold against Keras. A tool of the developers, no product.
@main
struct TrainingCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training-check",
    abstract: "Write the gradients of a network's first step, and its parameters after some steps of SGD.",
    discussion: """
      The output is a safetensors file in Graft's layout: `gradient/…` for every parameter that trains, `parameter/…` for \
      every parameter and statistic after the last step, `loss` of each step, and the logits of the start, \
      `logits/training` and `logits/evaluation`.
      """)

  @Option(help: "The network: a name, or a file that holds network, weights and classifier.")
  var backbone: String

  @Option(help: ArgumentHelp("The weights of a network named by name, with the classifier.", valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "A batch of images, float32 [N, H, W, C], preprocessed; [N, C, H, W] for a file whose framework puts channels first.",
      valueName: "file"))
  var input: String

  @Option(help: ArgumentHelp("The right class of each, integers [N].", valueName: "file"))
  var labels: String

  @Option(
    help: ArgumentHelp("What of the network trains beside its last layer, as in graft finetune.", valueName: "what"))
  var unfreeze = "all"

  @Option(help: ArgumentHelp("What normalisations do: frozen, affine or train.", valueName: "policy"))
  var batchNorm = "train"

  @Option(help: "How many steps.")
  var steps = 5

  @Option(help: ArgumentHelp("The learning rate.", valueName: "x"))
  var lr = 0.01

  @Option(help: ArgumentHelp("The momentum.", valueName: "x"))
  var momentum = 0.9

  @Option(help: ArgumentHelp("Where the numbers go.", valueName: "file"))
  var output: String

  func run() async throws {
    guard let policy = BatchNormPolicy(rawValue: batchNorm) else {
      throw ValidationError("“\(batchNorm)” is no policy for normalisations; write frozen, affine or train")
    }
    let images = try NumPyFile.read(contentsOf: URL(filePath: input))
    let classes = try NumPyFile.read(contentsOf: URL(filePath: labels)).floats.map { Int($0) }
    guard images.shape.rank == 4, images.shape[0] == classes.count else {
      throw ValidationError("images of the shape \(images.shape) and \(classes.count) labels do not go together")
    }
    let imported = try network(for: images)
    let isChannelsLast = weights != nil || imported.isChannelsLast
    let graph = try logits(of: imported.graph)
    guard let shape = graph.output?.shape, shape.rank == 1, classes.allSatisfy((0..<shape[0]).contains) else {
      throw ValidationError("the network has no classifier that knows all labels")
    }
    let head = graph.nodes.last { !$0.parameters.isEmpty }.map { [$0.name] } ?? []
    let plan = try FreezePlan(LayerSelector(parsing: unfreeze), graph: graph, head: Set(head), batchNorm: policy)
    let trace = try await TrainingTrace(
      graph, imported.parameters, plan,
      images: isChannelsLast ? images.permuted([0, 3, 1, 2]) : images, labels: classes, steps: steps,
      learningRate: Float(lr), optimizer: SGD(momentum: momentum))
    try SafetensorsFile.write(trace.tensors, to: URL(filePath: output))
  }

  /// A network that is named takes the size of the images; one in a file has its own.
  private func network(for images: Tensor) throws -> ImportedNetwork {
    if let weights {
      return try ImportedNetwork(
        Architecture.named(backbone), weights: URL(filePath: weights),
        inputSize: Size2D(height: images.shape[1], width: images.shape[2]), keepsTop: true)
    }
    guard FileManager.default.fileExists(atPath: backbone) else {
      throw ValidationError("there is no file “\(backbone)”; a network that is named needs --weights")
    }
    return try ImportedNetwork(contentsOf: URL(filePath: backbone), keepsTop: true)
  }

  /// Files of PyTorch end with logits, those of Keras with a softmax.
  private func logits(of graph: LayerGraph) throws -> LayerGraph {
    do {
      return try graph.withoutFinalSoftmax()
    } catch GraphError.noSoftmax {
      return graph
    }
  }
}
