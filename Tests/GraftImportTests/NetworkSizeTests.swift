import Foundation
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

/// Networks whose files name one size of images, and that are wanted for another.
@Suite struct NetworkSizeTests {
  /// A convolution, and what `finish` adds.
  private func network(_ finish: (inout LayerGraph) throws -> Void) throws -> ImportedNetwork {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    try graph.add(Conv2D("conv", filters: 4, kernel: 3, activation: .relu))
    try finish(&graph)
    return ImportedNetwork(
      graph: graph, parameters: Parameters.initialized(graph.parameters, seed: 3), report: LoadReport(),
      url: URL(filePath: "tiny.h5"), isChannelsLast: true)
  }

  @Test func `what pools globally takes images of any size`() throws {
    let pooled = try network {
      try $0.add(GlobalAveragePooling2D("pool"))
      try $0.add(Dense("scores", units: 2))
    }
    let wide = try pooled.resized(to: Size2D(height: 5, width: 9), file: "tiny.h5")
    #expect(wide.graph["conv"]?.shape == [4, 3, 7])
    #expect(wide.graph["scores"]?.shape == [2])
    #expect(wide.parameters.tensors.mapValues(\.floats) == pooled.parameters.tensors.mapValues(\.floats))
    #expect(throws: GraphError.self) { try pooled.resized(to: 2, file: "tiny.h5") }
  }

  @Test func `what flattens says whose numbers are for one size alone`() throws {
    let flat = try network {
      try $0.add(Flatten("flatten", order: .channelsLast))
      try $0.add(Dense("scores", units: 2))
    }
    #expect(try flat.resized(to: 8, file: "tiny.h5").graph["flatten"]?.shape == [144])
    let refusal = message { _ = try flat.resized(to: 10, file: "tiny.h5") }
    #expect(
      refusal
        == "“scores/kernel” in tiny.h5 has the shape [2, 144], but layer “scores” needs [2, 256]. Those are for images of 8 × 8 "
        + "alone, and --image-size asks for 10 × 10; leave it out, or --cut the network at a layer before")
  }

  @Test func `a file of Keras is read for the size that is asked for, and its own where none is`() throws {
    let file = try fixture("keras_channels_first.h5")
    #expect(try ImportedNetwork(contentsOf: file, keepsTop: true).graph.inputs[0].shape == [3, 10, 8])
    let refusal = message { _ = try ImportedNetwork(contentsOf: file, inputSize: 16, keepsTop: true) }
    #expect(
      refusal == "layer “reshape” (Reshape) has shape [6, 36]; expected 480 elements, as its input [12, 4, 10] has")
    // Which of two inputs would be meant?
    let nested = try ImportedNetwork(contentsOf: fixture("keras_nested_2.h5"), inputSize: 16, keepsTop: true)
    #expect(nested.graph.inputs.map(\.shape) == [[3, 8, 8], [3, 8, 8]])
  }
}
