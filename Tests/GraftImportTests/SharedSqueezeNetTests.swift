import Foundation
import GraftArchitectures
import GraftCatalogue
import GraftEngine
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

private let tensorFlowFile = sharedWeights("squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5")
private let theanoFile = sharedWeights("squeezenet_weights_th_dim_ordering_th_kernels_notop.h5")

/// ImageNet's SqueezeNet 1.1, as it was published twice.
@Suite(
  .enabled(
    if: tensorFlowFile != nil && theanoFile != nil,
    "the published SqueezeNet files are not in ../shared/weights"))
struct SharedSqueezeNetTests {
  private func load(_ url: URL?, inputSize: Size2D? = nil) throws -> ImportedNetwork {
    try ImportedNetwork(.squeezenet, weights: try #require(url), inputSize: inputSize)
  }

  @Test func `both orders hold the same 50 tensors, bit for bit`() throws {
    let (first, second) = try (load(tensorFlowFile), load(theanoFile))
    #expect(first.parameters.tensors.count == 50)
    #expect(first.parameters.tensors.keys == second.parameters.tensors.keys)
    for (name, tensor) in first.parameters.tensors {
      let other = try #require(second.parameters[name])
      #expect(try ContentHash.sha256(of: tensor) == ContentHash.sha256(of: other), "\(name)")
    }
    #expect(second.report.conversions.count == 2)
  }

  @Test func `the published file is recognised, and both want the caffe preprocessing`() throws {
    let (first, second) = try (load(tensorFlowFile), load(theanoFile))
    #expect(first.known?.title == "SqueezeNet 1.1, ImageNet (Keras 1 port, TensorFlow order, without top)")
    #expect(!first.hasTop && !second.hasTop)
    #expect(first.preprocessing == .caffe && second.preprocessing == .caffe)
  }

  @Test func `both orders give the same features`() async throws {
    var generator = SeededGenerator(seed: 3, stream: 0)
    let image = Tensor((0..<3 * 96 * 96).map { _ in 200 * generator.nextUniform() - 100 }, shape: [1, 3, 96, 96])
    let (first, second) = try await (
      features(load(tensorFlowFile, inputSize: 96), image), features(load(theanoFile, inputSize: 96), image)
    )
    let largest = try #require(first.map(abs).max())
    #expect(largest > 1)
    #expect(zip(first, second).allSatisfy { abs($0 - $1) <= 1e-5 * largest })
  }

  @EngineActor
  private func features(_ network: ImportedNetwork, _ image: Tensor) throws -> [Float] {
    try InferenceProgram(network.graph, parameters: network.parameters, batch: 1).run(image).floats
  }
}
