import ArgumentParser
import Foundation
import Graft

/// How long it takes from a file to a network that can run, and how much memory of its own.
@main
struct LoadBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load-benchmark",
    abstract: "Time the way from weight files to runnable networks, and watch the memory that it takes.",
    subcommands: [Make.self, Measure.self])

  static func main() async {
    if CommandLine.arguments.dropFirst().first == "read-hdf5" {
      Foundation.exit(HDF5ReadingService.run(Array(CommandLine.arguments.dropFirst(2))))
    }
    do {
      let apart = HDF5Reading.inProcess(of: HDF5Reading.thisProgram, arguments: ["read-hdf5"])
      try await HDF5Reading.$preferred.withValue(apart) {
        var command = try parseAsRoot()
        if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
      }
    } catch {
      exit(withError: error)
    }
  }
}

/// Writes VGG-16 with its classifier, of random numbers, in every format that carries a network.
struct Make: ParsableCommand {
  @Argument(help: ArgumentHelp("Where the files go.", valueName: "folder"))
  var folder: String

  func run() throws {
    let graph = try Architecture.named("vgg16").graph(classes: 1000)
    let model = ExportedModel(
      graph: graph, parameters: .initialized(graph.parameters, seed: 1), preprocessing: .caffe)
    let url = URL(filePath: folder)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try KerasExporter().write(model, to: url.appending(path: "vgg16.h5"))
    try ONNXExporter().write(model, to: url.appending(path: "vgg16.onnx"))
    try SafetensorsExporter().write(model, to: url.appending(path: "vgg16.safetensors"))
  }
}

/// One file in a process of its own, so that nothing but it is in the memory that is counted.
struct Measure: AsyncParsableCommand {
  @Argument(help: ArgumentHelp("A file that describes its network.", valueName: "file"))
  var file: String

  func run() async throws {
    let before = AnonymousMemory.now
    let watch = AnonymousMemory.Watch()
    let clock = ContinuousClock()
    let start = clock.now
    let network = try ImportedNetwork(contentsOf: URL(filePath: file), keepsTop: true)
    let imported = clock.now - start
    _ = try await EngineActor.run {
      try InferenceProgram(network.graph, parameters: network.parameters, batch: 1)
    }
    let runnable = clock.now - start
    let peak = watch.stop() - before
    let numbers = 4 * network.graph.parameterCount
    print(
      String(
        format: "%@ %.3f %.3f %.3f", URL(filePath: file).lastPathComponent, imported / .seconds(1),
        runnable / .seconds(1), Double(peak) / Double(numbers)))
  }
}
