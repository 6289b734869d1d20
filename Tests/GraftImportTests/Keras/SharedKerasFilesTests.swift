import Foundation
import GraftArchitectures
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

private let mobilenet = sharedWeights("mobilenet_v1_0.25_224_imagenet.h5")
private let teachable = sharedWeights("../material/keras/teachable_waste_keras_model.h5")

/// Files that people published.
@Suite(.enabled(if: mobilenet != nil && teachable != nil, "the published Keras files are not in ../shared"))
struct SharedKerasFilesTests {
  @Test func `a published MobileNet is known by its layers`() throws {
    let network = try ImportedNetwork(contentsOf: try #require(mobilenet), keepsTop: true)
    #expect(network.architecture?.name == "mobilenet-0.25")
    #expect(network.preprocessing == .tensorFlow)
    #expect(network.graph.output?.shape == [1000])
  }

  @Test func `a Teachable Machine's export, models in models, is a MobileNet V2 with a head`() throws {
    let network = try ImportedNetwork(contentsOf: try #require(teachable), keepsTop: true)
    #expect(network.architecture?.name == "mobilenetv2-0.35")
    #expect(network.graph.output?.shape == [4])
    #expect(network.report.bound.count == network.graph.parameters.count && network.report.unused.isEmpty)
  }
}
