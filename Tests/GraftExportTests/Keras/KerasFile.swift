import Foundation
import GraftExport
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

/// A network as Keras would find it in a file that Graft has written.
struct KerasFile {
  let file: KerasModelFile
  /// The layers' configurations, in the file's order.
  let layers: [[String: Any]]

  /// Writes the network and reads the file as such.
  init(_ model: ExportedModel, ending: String = "h5") throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "graft-\(UUID().uuidString).\(ending)")
    defer { try? FileManager.default.removeItem(at: url) }
    try KerasExporter().write(model, to: url)
    file = try KerasModelFile(contentsOf: url, reading: .inThisProcess)
    let json = try #require(file.configuration)
    let model = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let configuration = try #require(model["config"] as? [String: Any])
    layers = try #require(configuration["layers"] as? [[String: Any]])
  }

  var names: [String] { layers.compactMap { $0["name"] as? String } }
  /// Without the inputs.
  var kinds: [String] { layers.compactMap { $0["class_name"] as? String }.filter { $0 != "InputLayer" } }

  func options(_ name: String) throws -> [String: Any] {
    try #require(layers.first { $0["name"] as? String == name }?["config"] as? [String: Any], "no layer \(name)")
  }

  /// What feeds each call of a layer, in a file of Keras 2's form: `conv1 0`.
  func feeds(_ name: String) throws -> [[String]] {
    let layer = try #require(layers.first { $0["name"] as? String == name }, "no layer \(name)")
    let calls = try #require(layer["inbound_nodes"] as? [[[Any]]])
    return calls.map { $0.map { "\($0[0]) \($0[1])" } }
  }

  var weights: [KerasWeights.Layer] {
    if case .layers(let layers) = file.weights { layers } else { [] }
  }
}

/// A network of what is added to an image of 4 channels and 7 × 6 pixels, with random numbers.
func exportedModel(
  input: Shape = [4, 7, 6], _ build: (inout LayerGraph) throws -> Void
) throws -> ExportedModel {
  var graph = try LayerGraph(input: input, name: "image")
  try build(&graph)
  return ExportedModel(graph: graph, parameters: .initialized(graph.parameters, seed: 1))
}
