import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

/// Whole files, run and held against what their own Keras says.
@Suite struct KerasGoldenTests {
  @Test(arguments: [
    ("keras_nested_2", "h5"), ("keras_nested_2", "keras"), ("keras_nested_3", "h5"), ("keras_nested_3", "keras"),
    ("keras_functions_2", "h5"), ("keras_functions_3", "keras"), ("keras_channels_first", "h5"),
  ])
  func `a file gives the numbers that its own Keras gives`(name: String, suffix: String) async throws {
    let network = try ImportedNetwork(contentsOf: fixture("\(name).\(suffix)"), keepsTop: true)
    let golden = try SafetensorsFile(contentsOf: fixture("\(name).safetensors"))
    var inputs: [String: Tensor] = [:]
    for input in network.graph.inputs {
      let tensor: Tensor = try #require(golden["input/\(input.name)"])
      inputs[input.name] = tensor
    }
    let found = try await run(network, inputs)
    for (number, output) in network.graph.outputs.enumerated() {
      let expected = try #require(golden["output/\(number)"])
      let mine = try #require(found[output])
      try #require(mine.shape == expected.shape)
      let (values, wanted) = (mine.floats, expected.floats)
      let largest = try #require(wanted.map(abs).max())
      #expect(largest > 0.01)
      #expect(zip(values, wanted).allSatisfy { abs($0 - $1) <= 1e-5 * largest }, "output \(number), “\(output)”")
    }
  }

  @Test func `a shared layer has one set of weights, and every tensor of the file is bound`() throws {
    let network = try ImportedNetwork(contentsOf: fixture("keras_nested_2.h5"), keepsTop: true)
    #expect(network.graph.nodes.filter { $0.layer.name == "shared" }.map(\.name) == ["shared", "shared@2", "shared@3"])
    #expect(network.report.bound.filter { $0.parameter == "shared/kernel" }.count == 1)
    #expect(network.report.bound.count == network.graph.parameters.count)
    #expect(network.report.unused.isEmpty)
    #expect(network.report.matching == .names)
    // The outer model's sequence has a Dense of that name, and the twin a convolution.
    #expect(network.parameters["twin/conv2d/kernel"] != nil && network.parameters["head/conv2d/kernel"] != nil)
  }

  @Test func `the layout of the file's framework is told`() throws {
    #expect(try ImportedNetwork(contentsOf: fixture("keras_functions_2.h5"), keepsTop: true).isChannelsLast)
    #expect(try !ImportedNetwork(contentsOf: fixture("keras_channels_first.h5"), keepsTop: true).isChannelsLast)
  }

  @EngineActor
  private func run(_ network: ImportedNetwork, _ inputs: [String: Tensor]) throws -> [String: Tensor] {
    try InferenceProgram(network.graph, parameters: network.parameters, batch: 2).run(inputs)
  }
}
