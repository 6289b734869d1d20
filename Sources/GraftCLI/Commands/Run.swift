import ArgumentParser
import Foundation
import Graft

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Send a tensor through a network: for comparing numbers with other programs.",
    discussion: """
      The input is float32 in the layout of the weights' framework ([N, H, W, C] for Keras, [N, C, H, W] for ONNX and \
      PyTorch), already preprocessed. The output is the last feature map, or the class probabilities of a file with \
      its classifier.

      Examples:
        graft run --backbone vgg16 --weights vgg16.h5 --input x.npy --output y.npy
        graft run --backbone squeezenet --weights s.h5 --layer fire5/concat --input x.npy --output y.npy
      """)

  @OptionGroup var network: BackboneOptions

  @Option(help: ArgumentHelp("The tensor to send in.", valueName: "file"))
  var input: String

  @Option(help: ArgumentHelp("The layer whose output is wanted.", valueName: "name"))
  var layer: String?

  @Flag(help: "Give what precedes the final softmax.")
  var logits = false

  @Option(help: ArgumentHelp("Where its output goes.", valueName: "file"))
  var output: String

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    if logits, layer != nil { throw ValidationError("--logits and --layer exclude each other") }
  }

  func run() async throws {
    let images = try NumPyFile.read(contentsOf: URL(filePath: input))
    guard images.shape.rank == 4 else {
      throw FormatError.unsupported(
        path: input, content: "an array of the shape \(images.shape)",
        advice: "Write a batch of images, [N, H, W, C] or [N, C, H, W].")
    }
    // Weights may be of either layout, which only they tell; channels are fewer than pixels.
    let height = images.shape[1] < images.shape[3] ? 2 : 1
    let imported = try network.whole(
      inputSize: Size2D(height: images.shape[height], width: images.shape[height + 1]))
    Terminal.standard.write("weights: \(imported.report.summary)")
    var graph = imported.graph
    if let layer { graph = try graph.cut(at: [layer]) }
    if logits { graph = try graph.withoutFinalSoftmax() }
    let isChannelsLast = imported.isChannelsLast
    if let channels = graph.inputs.first?.shape[0], images.shape[isChannelsLast ? 3 : 1] != channels {
      throw FormatError.unsupported(
        path: input, content: "an array of the shape \(images.shape)",
        advice: "These weights take \(isChannelsLast ? "[N, H, W, \(channels)]" : "[N, \(channels), H, W]").")
    }
    let result = try await Self.run(
      graph, imported.parameters, isChannelsLast ? images.permuted([0, 3, 1, 2]) : images)
    let layout = isChannelsLast && result.shape.rank == 4 ? result.permuted([0, 2, 3, 1]) : result
    try NumPyFile.write(layout.contiguous(), to: URL(filePath: output))
    if json { printJSON(RunReport(shape: layout.shape.dimensions, output: output)) }
  }

  @EngineActor
  private static func run(_ graph: LayerGraph, _ parameters: Parameters, _ images: Tensor) throws -> Tensor {
    let program = try InferenceProgram(
      graph, parameters: parameters, batch: InferenceProgram.batch(forOnly: images.shape[0]))
    guard let name = graph.inputs.first?.name else { return images }
    let results = try program.runAll([name: images])
    return results[graph.outputs[0]] ?? images
  }
}

private struct RunReport: Encodable {
  let shape: [Int]
  let output: String
}
