import ArgumentParser
import Foundation
import Graft

/// Runs networks on given numbers, for the scripts of `tools/reference` to hold against other frameworks. A tool of the
/// developers, no product.
@main
struct RunNetwork: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run-network",
    abstract: "Import network files and run them on given inputs, one job after another.",
    discussion: """
      JOBS is a file of one JSON object a line, {"model": FILE, "inputs": FILE, "outputs": FILE} and, where the model is \
      numbers alone, "architecture": NAME or "configuration": FILE. Both others are safetensors files with a tensor for each input or output of \
      the graph, [batch] + shape, channels first; a tensor whose name is no input's is taken by position. \
      For each job one JSON line is printed: {"model": …, "outputs": [names]} or {"model": …, "refused": words}.

      "exports": [FILE, …] has the network written too, in the format that each file's ending names, .rgb.onnx for one \
      that does the preprocessing; the answer then \
      has "exportRefusals": {FILE: words} for those that were not.
      """)

  @Argument(help: ArgumentHelp("The list of jobs.", valueName: "jobs"))
  var jobs: String

  func run() async throws {
    let decoder = JSONDecoder()
    for line in try String(contentsOfFile: jobs, encoding: .utf8).split(separator: "\n") {
      let job = try decoder.decode(Job.self, from: Data(line.utf8))
      let answer: Answer
      do {
        let (outputs, refusals) = try await job.run()
        answer = Answer(model: job.model, outputs: outputs, exportRefusals: refusals)
      } catch {
        answer = Answer(model: job.model, refused: "\(error)")
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
      // At once, so that the files can be looked at and removed while the next network runs.
      FileHandle.standardOutput.write(try encoder.encode(answer) + Data("\n".utf8))
    }
  }
}

private struct Answer: Encodable {
  let model: String
  var outputs: [String]?
  var refused: String?
  var exportRefusals: [String: String]?
}

private struct Job: Decodable {
  let model, inputs, outputs: String
  let architecture, configuration: String?
  let exports: [String]?

  /// - Returns: the names of the outputs, and why files were not written.
  func run() async throws -> (outputs: [String], exportRefusals: [String: String]?) {
    let given = try SafetensorsFile(contentsOf: URL(filePath: inputs)).tensors
    let url = URL(filePath: model)
    let imported =
      if let architecture {
        try ImportedNetwork(
          .named(architecture), weights: url, inputSize: Self.size(of: given), keepsTop: true)
      } else if let configuration {
        try ImportedNetwork(
          kerasConfiguration: URL(filePath: configuration), weights: url, inputSize: Self.size(of: given))
      } else {
        try ImportedNetwork(contentsOf: url, inputSize: Self.size(of: given), keepsTop: true)
      }
    let results = try await EngineActor.run {
      let graph = imported.graph
      var named: [String: Tensor] = [:]
      for (position, input) in graph.inputs.enumerated() {
        let match = given.first { $0.name == input.name } ?? (position < given.count ? given[position] : nil)
        named[input.name] = match?.tensor
      }
      let batch = max(named.values.map { $0.shape.dimensions.first ?? 1 }.max() ?? 1, 1)
      return try InferenceProgram(graph, parameters: imported.parameters, batch: batch).run(named)
    }
    let tensors = imported.graph.outputs.compactMap { name in results[name].map { (name: name, tensor: $0) } }
    try SafetensorsFile.write(tensors, to: URL(filePath: outputs))
    return (imported.graph.outputs, exports.map { refusals(of: imported, writing: $0) })
  }

  private func refusals(of network: ImportedNetwork, writing files: [String]) -> [String: String] {
    let model = ExportedModel(
      graph: network.graph, parameters: network.parameters, preprocessing: network.preprocessing)
    var refusals: [String: String] = [:]
    for file in files {
      let url = URL(filePath: file)
      do {
        switch url.pathExtension {
        case "onnx": try ONNXExporter(includesPreprocessing: file.hasSuffix(".rgb.onnx")).write(model, to: url)
        case "safetensors": try SafetensorsExporter().write(model, to: url)
        default: try KerasExporter().write(model, to: url)
        }
      } catch {
        refusals[file] = "\(error)"
      }
    }
    return refusals
  }

  /// The size of the images, for networks that take any.
  private static func size(of inputs: [(name: String, tensor: Tensor)]) -> Size2D? {
    guard let shape = inputs.first?.tensor.shape, shape.rank == 4 else { return nil }
    return Size2D(height: shape[2], width: shape[3])
  }
}
