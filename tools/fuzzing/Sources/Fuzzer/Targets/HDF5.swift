import Foundation
import GraftImport

@testable import GraftFormats

extension FuzzTarget {
  /// What the reading process answers, after libhdf5 has come to be somebody else's.
  static let hdf5Answer = FuzzTarget(name: "hdf5-answer") { bytes in
    try withMappedFile(bytes) { file in
      switch HDF5Answer.content(of: file.bytes) {
      case nil: throw FormatError.damaged(path: "input", happening: "ended without an answer")
      case .failure(let error): throw error
      case .outline(let outline):
        let tree = HDF5Tree(file: file, outline: outline, copies: .file(file))
        for object in tree.dataSets { if let tensor = try? object.tensor() { use(tensor) } }
        try useKeras(KerasModelFile(tree))
      }
    }
  }

  /// A whole file, by way of `graft read-hdf5`: libhdf5 crashes on some, which must come to no more than a message.
  static let hdf5 = FuzzTarget(name: "hdf5") { bytes in
    let url = try InputFile.write(bytes, named: "input.h5")
    try useKeras(KerasModelFile(contentsOf: url, reading: .inProcess(of: graft, arguments: ["read-hdf5"])))
  }

  private static let graft: URL = {
    guard let path = ProcessInfo.processInfo.environment["GRAFT"] else {
      fatalError("GRAFT must name the program graft")
    }
    return URL(filePath: path)
  }()

  private static func useKeras(_ file: KerasModelFile) throws {
    switch file.weights {
    case .layers(let layers): layers.flatMap(\.weights).forEach { use($0.tensor) }
    case .variables(let variables): variables.tensors.values.forEach(use)
    }
    if let network = try KerasImporter(file, name: "input")?.network() { use(network.graph, network.parameters) }
  }
}
