import Foundation
import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct StateDictionaryRefusalTests {
  private typealias Tensors = [(name: String, tensor: Tensor)]

  /// What is said of the tiny network's numbers once `change` has been at them.
  private func refusal(
    _ architecture: Architecture = TinyTorchNetwork.architecture, _ change: (inout Tensors) -> Void
  ) throws -> String {
    let graph = try TinyTorchNetwork.architecture.graph(classes: 5)
    var tensors = DrawnNumbers.dictionary(of: graph).entries.map { (name: $0.name, tensor: $0.tensor) }
    change(&tensors)
    return message {
      _ = try StateDictionary(tensors, file: "w.pth").match(architecture, inputSize: nil, keepsTop: true)
    }
  }

  @Test func `the file as it is fits`() throws {
    #expect(try refusal { _ in } == "nothing")
  }

  @Test func `tensors that are missing`() throws {
    #expect(
      try refusal { $0.removeAll { $0.name.hasPrefix("bn1") } }
        == "w.pth is not for Tiny: it lacks 4 (bn1.weight, bn1.bias, bn1.running_mean, …) of its tensors. "
        + "Check which network the file was saved from")
  }

  @Test func `tensors that have no place, as of a block that the network has not`() throws {
    #expect(
      try refusal { $0.append(("layer1.0.se.fc1.weight", Tensor(zeros: [2, 4, 1, 1]))) }
        == "w.pth is not for Tiny: it has 1 (layer1.0.se.fc1.weight) that have no place there. "
        + "Check which network the file was saved from")
  }

  @Test func `another network that is known is named`() throws {
    let graph = try Architecture.resnet20CIFAR.graph()
    #expect(
      message {
        _ = try DrawnNumbers.dictionary(of: graph).match(.squeezenetTorchvision, inputSize: nil, keepsTop: false)
      }
        == "drawn.pth is not for SqueezeNet 1.1 (torchvision): it lacks 50 (features.0.weight, features.0.bias, "
        + "features.3.squeeze.weight, …) of its tensors and has 95 (conv1.weight, bn1.weight, bn1.bias, …) that have no "
        + "place there. It fits resnet20-cifar: try --backbone resnet20-cifar")
  }

  @Test func `another width, and other images`() throws {
    #expect(
      try refusal(TinyTorchNetwork.make(filters: 8)) { _ in }
        == "“conv1.weight” in w.pth has the shape [4, 3, 3, 3], but layer “conv1” needs [8, 3, 3, 3]. "
        + "The layer is wider or narrower: the file is probably of another width, or of another network")
    #expect(
      try refusal(TinyTorchNetwork.make(channels: 1)) { _ in }
        == "“conv1.weight” in w.pth has the shape [4, 3, 3, 3], but layer “conv1” needs [4, 1, 3, 3]. "
        + "The number of input channels differs: the file was probably saved for other images (grey, or with alpha)")
  }

  @Test func `a classifier for images of another size`() throws {
    #expect(
      message {
        _ = try ImportedNetwork(
          TinyTorchNetwork.architecture, weights: fixture("torch/tiny-legacy.pth"), inputSize: 10, keepsTop: true)
      }
        == "“fc.weight” in tiny-legacy.pth has the shape [5, 36], but layer “fc” needs [5, 64]. "
        + "The layer's input has another size: the file was probably saved for images of another size")
  }

  @Test func `whole numbers, as of a quantised network`() throws {
    #expect(
      message { _ = try ImportedNetwork(TinyTorchNetwork.architecture, weights: fixture("torch/tiny-int8.pth")) }
        == "“conv1.weight” in tiny-int8.pth is a tensor of the type int8, which no layer takes; "
        + "save the network with floating-point weights")
  }

  @Test func `a network that nobody knows`() throws {
    let tensors = ["conv1.conv.weight", "conv1.bn.weight", "prob.weight"].map { (name: $0, tensor: Tensor(zeros: [1])) }
    #expect(
      message { _ = try StateDictionary(tensors, file: "MiniFASNet.pth").architecture() }
        == "MiniFASNet.pth holds 3 tensors (conv1.conv.weight, conv1.bn.weight, prob.weight, …) whose names and shapes are "
        + "those of no network that Graft knows, and a state dictionary does not say how its network computes. "
        + "Export the model from PyTorch to ONNX, which does: torch.onnx.export(model, images, \"model.onnx\")")
  }

  @Test(.enabled(if: miniFASNet != nil, "the real file is not in ../shared/material"))
  func `the real file of an unknown network`() throws {
    let file = try #require(miniFASNet)
    let dictionary = StateDictionary(try TorchCheckpoint(contentsOf: file), file: file.lastPathComponent)
    #expect(dictionary.conversions == ["“module.” taken off the names"])
    #expect(throws: ImportError.self) { try dictionary.architecture() }
  }
}

private let miniFASNet = sharedWeights("../material/torch/2.7_80x80_MiniFASNetV2.pth")
