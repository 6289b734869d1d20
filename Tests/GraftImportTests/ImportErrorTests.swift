import Foundation
import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct ImportErrorTests {
  private func refusal(
    _ file: String, _ architecture: Architecture, inputSize: Size2D? = nil, keepsTop: Bool = true
  ) -> String {
    message { _ = try ImportedNetwork(architecture, weights: fixture(file), inputSize: inputSize, keepsTop: keepsTop) }
  }

  @Test func `another width`() {
    #expect(
      refusal("tf.h5", TinyNetwork.make(filters: 8))
        == "“conv1/conv1_W:0” in tf.h5 has the shape [3, 3, 3, 4], but layer “conv1” needs [3, 3, 3, 8]. "
        + "The layer is wider or narrower: the file is probably of another width, or of another network")
  }

  @Test func `another width in Theano's order is told in Theano's order`() {
    #expect(
      refusal("th_top.h5", TinyNetwork.make(filters: 8))
        == "“conv1/conv1_W:0” in th_top.h5 has the shape [4, 3, 3, 3], but layer “conv1” needs [8, 3, 3, 3]. "
        + "The layer is wider or narrower: the file is probably of another width, or of another network")
  }

  @Test func `another image size before a dense layer`() {
    #expect(
      refusal("tf_top.h5", TinyNetwork.architecture, inputSize: 10)
        == "“predictions/predictions_W:0” in tf_top.h5 has the shape [54, 5], but layer “predictions” needs [96, 5]. "
        + "The layer's input has another size: the file was probably saved for images of another size")
  }

  @Test func `another image size does not matter where the classifier is left off`() throws {
    let network = try ImportedNetwork(TinyNetwork.architecture, weights: fixture("tf_top.h5"), inputSize: 10)
    #expect(network.graph.output?.shape == [6, 4, 4])
  }

  @Test(arguments: [("tf.h5", "[3, 3, 3, 4]", "[3, 3, 1, 4]"), ("th_top.h5", "[4, 3, 3, 3]", "[4, 1, 3, 3]")])
  func `other images`(file: String, found: String, expected: String) {
    #expect(
      refusal(file, TinyNetwork.make(channels: 1))
        == "“conv1/conv1_W:0” in \(file) has the shape \(found), but layer “conv1” needs \(expected). "
        + "The number of input channels differs: the file was probably saved for other images (grey, or with alpha)")
  }

  @Test func `a layer with another number of tensors`() {
    #expect(
      refusal("tf.h5", TinyNetwork.make(usesBias: false))
        == "layer “conv1” in tf.h5 has 2 tensors, but the network's layer has 1. "
        + "The file was saved from a network that differs here")
  }

  @Test func `another architecture, which is named where it is known`() throws {
    let squeezenet = KerasWeights(layers: try kerasLayers(of: .squeezenetTiny))
    #expect(
      message { _ = try squeezenet.match(.vgg16, inputSize: nil, keepsTop: false, fileName: "w.h5") }
        == "w.h5 is not for VGG-16: it has 32 layers with weights (conv1, conv1/bn, fire2/squeeze1x1, …), "
        + "where VGG-16 has 13 or 16. It fits squeezenet-tiny: try --backbone squeezenet-tiny")
  }

  @Test func `another architecture that nobody knows`() {
    #expect(
      refusal("tf.h5", .squeezenet)
        == "tf.h5 is not for SqueezeNet 1.1: it has 4 layers with weights (conv1, fire/squeeze1x1, fire/expand1x1, …), "
        + "where SqueezeNet 1.1 has 25 or 26. Check which network the file was saved from")
  }

  @Test func `safetensors of another network`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "w.safetensors")
    let written = String(decoding: try JSONEncoder().encode(Preprocessing.caffe), as: UTF8.self)
    func refusal(_ tensors: [(name: String, tensor: Tensor)], _ metadata: [String: String]) -> String {
      message {
        try SafetensorsFile.write(tensors, metadata: metadata, to: file)
        _ = try ImportedNetwork(TinyNetwork.architecture, weights: file)
      }
    }
    #expect(
      refusal([("conv1/kernels", Tensor(zeros: [4, 3, 3, 3]))], ["preprocessing": written])
        == "w.safetensors lacks “conv1/kernel” of the shape [4, 3, 3, 3]; did you mean “conv1/kernels”?")
    #expect(
      refusal([("conv1/kernel", Tensor(zeros: [8, 3, 3, 3]))], ["preprocessing": written])
        == "“conv1/kernel” in w.safetensors has the shape [8, 3, 3, 3], but layer “conv1” needs [4, 3, 3, 3]. "
        + "The file is probably of another network")
    let foreign = "w.safetensors was not written by Graft: its metadata lack “preprocessing”"
    #expect(refusal([("weight", Tensor(zeros: [1]))], [:]) == foreign)
    #expect(refusal([("weight", Tensor(zeros: [1]))], ["preprocessing": "{}"]) == foreign)
    let short = written.replacing("[103.939,116.779,123.68]", with: "[103.939]")
    #expect(short != written)
    #expect(refusal([("weight", Tensor(zeros: [1]))], ["preprocessing": short]) == foreign)
  }

  @Test func `a file that describes its own network is no numbers for another`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "w.onnx")
    try Data([0x08, 0x03, 0x12, 0x00]).write(to: file)
    #expect(
      message { _ = try ImportedNetwork(TinyNetwork.architecture, weights: file) }
        == "\(file.lastPathComponent) describes a network of its own, so no other is to be named; take it as it is: "
        + "--backbone \(file.lastPathComponent)")
  }

  @Test func `the remaining messages`() {
    #expect(
      "\(ImportError.noPreprocessing(file: "w.h5", known: ["caffe", "tf"]))"
        == "what w.h5 wants done to images is not known; say it with --preprocessing caffe|tf")
    #expect(ImportError.noPreprocessing(file: "w", known: []).localizedDescription.hasPrefix("what w wants"))
  }

  /// What a Keras file of an architecture's body holds.
  private func kerasLayers(of architecture: Architecture) throws -> [KerasWeights.Layer] {
    try architecture.graph().kerasLayerOrder.filter { !$0.parameters.isEmpty }.map { node in
      KerasWeights.Layer(
        name: node.name,
        weights: node.parameters.map {
          ($0.name, Tensor(zeros: KernelOrder.tensorFlow.fileShape(of: $0)))
        })
    }
  }
}
