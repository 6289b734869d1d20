import ArgumentParser
import Foundation
import Graft

/// Takes a network out of a run without the head, as a weight file for the next.
@main
struct ExtractBackbone: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract-backbone",
    abstract: "Write the backbone of a run, without its head, as a weight file for graft.",
    discussion: """
      Examples:
        extract-backbone runs/1 --backbone squeezenet-tiny --out weights/squeezenet-tiny.safetensors
      """)

  @Argument(help: ArgumentHelp("The run directory.", valueName: "run"))
  var directory: String

  @Option(help: "The network that the run began with.")
  var backbone: String

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
  var out: String

  func run() throws {
    let graph = try Architecture.named(backbone).graph()
    let source = URL(filePath: directory).appending(path: ModelFiles.weights)
    let file = try SafetensorsFile(contentsOf: source)
    // Loading it as the network's weights checks every name and shape.
    let loaded = try Backbone(backbone, weights: source)
    let tensors = graph.parameters.compactMap { parameter in
      loaded.parameters[parameter.name].map { (name: parameter.name, tensor: $0) }
    }
    // The graph and the labels in the run's file are those with the head.
    let metadata = file.metadata.filter { ["format", "preprocessing"].contains($0.key) }
    try SafetensorsFile.write(tensors, metadata: metadata, to: URL(filePath: out))
    print("\(tensors.count) tensors of \(graph.parameterCount.formatted()) numbers in \(out)")
  }
}
