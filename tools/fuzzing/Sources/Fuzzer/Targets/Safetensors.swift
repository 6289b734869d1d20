import Foundation
import GraftFormats

@testable import GraftImport

extension FuzzTarget {
  /// As a file of tensors, as a state dictionary, and as the network that Graft's own files describe.
  static let safetensors = FuzzTarget(name: "safetensors") { bytes in
    let file = try SafetensorsFile(bytes: bytes, owner: Bytes.owner, name: "input")
    for (_, tensor) in file.tensors { use(tensor) }
    guard let description = file.metadata["graft.graph"] else {
      _ = StateDictionary(file, file: "input").entries.count
      return
    }
    let network = try ImportedNetwork(file, describedBy: description, from: URL(filePath: "input"), inputSize: nil)
    use(network.graph, network.parameters)
    _ = network.preprocessing
  }

  /// The list of a network's parts, which lie beside it as the seeds' do.
  static let safetensorsIndex = FuzzTarget(name: "safetensors-index", isJSON: true) { bytes in
    let url = try InputFile.write(bytes, named: "model.safetensors.index.json")
    for (_, tensor) in try SafetensorsFile(shardsOf: url).tensors { use(tensor) }
  }
}
