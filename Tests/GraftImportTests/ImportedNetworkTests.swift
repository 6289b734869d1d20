import Foundation
import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct ImportedNetworkTests {
  private func load(
    _ file: String, _ architecture: Architecture = TinyNetwork.architecture, keepsTop: Bool = true
  ) throws -> ImportedNetwork {
    try ImportedNetwork(architecture, weights: fixture(file), keepsTop: keepsTop)
  }

  private func expectAllNumbers(_ network: ImportedNetwork, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(network.report.bound.count == network.graph.parameters.count, sourceLocation: sourceLocation)
    for parameter in network.graph.parameters {
      let tensor = try #require(network.parameters[parameter.name], sourceLocation: sourceLocation)
      #expect(tensor.shape == parameter.shape, sourceLocation: sourceLocation)
      #expect(
        try tensor.floats == TinyNetwork.expected(parameter), "\(parameter.name)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    "tf_top.h5", "numbered_top.h5", "float16_top.h5", "th_top.h5", "th_dim_ordering_tf_kernels_top.h5",
    "theano_backend_top.h5", "tensorflow_backend_channels_first_top.h5",
  ])
  func `the same network in every layout of Keras gives the same numbers`(file: String) throws {
    let network = try load(file)
    #expect(network.hasTop)
    #expect(network.graph.parameters.count == 10)
    try expectAllNumbers(network)
  }

  @Test(arguments: ["tf.h5", "numbered.h5", "tf_top.h5", "numbered_top.h5", "th_top.h5"])
  func `without top the body's numbers are the same, from files with and without it`(file: String) throws {
    let network = try load(file, keepsTop: false)
    #expect(network.hasTop == file.contains("top"))
    #expect(network.graph.outputs == ["pool"])
    #expect(network.parameters["predictions/kernel"] == nil)
    try expectAllNumbers(network)
  }

  @Test func `a file without top gives no top, even where one is wanted`() throws {
    let network = try load("tf.h5", keepsTop: true)
    #expect(!network.hasTop)
    #expect(network.graph.outputs == ["pool"])
  }

  @Test func `the classifier has as many classes as the file's`() throws {
    #expect(try load("tf_top.h5").graph.output?.shape == [5])
  }

  @Test func `half precision stays half precision`() throws {
    #expect(try load("float16_top.h5").parameters["conv1/kernel"]?.dataType == .float16)
  }

  @Test func `a safetensors file of Graft's own is bound by name and says what is done to images`() throws {
    let folder = try TemporaryFolder()
    let parameters = Parameters.initialized(try TinyNetwork.architecture.graph().parameters, seed: 1)
    let file = folder.url.appending(path: "tiny.safetensors")
    try SafetensorsFile.write(
      parameters.tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [
        ("head_dense/bias", Tensor(zeros: [2]))
      ],
      metadata: [
        "preprocessing": String(decoding: try JSONEncoder().encode(Preprocessing.torch), as: UTF8.self)
      ], to: file)
    let network = try ImportedNetwork(TinyNetwork.architecture, weights: file)
    #expect(network.preprocessing == .torch)
    #expect(network.report.unused == ["head_dense/bias"])
    for (name, tensor) in parameters.tensors { #expect(network.parameters[name]?.floats == tensor.floats) }
  }
}

/// An empty folder that goes away with the value.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "graft-import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
