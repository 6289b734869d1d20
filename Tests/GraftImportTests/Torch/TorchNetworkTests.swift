import Foundation
import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct TorchNetworkTests {
  /// PyTorch 2.13's logits of torchvision's own networks, on numbers by a rule; 1e-5 of the largest is rounding.
  @Test func `torchvision's networks give PyTorch's logits`() async throws {
    let all = try ExpectedLogits.all("logits.json").filter { $0.name != "tiny" }
    #expect(all.count == 6)
    for expected in all {
      let graph = try Architecture.named(expected.name).graph(inputSize: Size2D(expected.size), classes: 10)
      let (parameters, report) = try StateDictionaryBinder(
        DrawnNumbers.dictionary(of: graph), graph: graph, title: expected.name
      ).bind()
      #expect(report.bound.count == graph.parameters.count)
      let found = try await logits(graph, parameters, DrawnNumbers.images(size: expected.size))
      #expect(expected.difference(from: found) <= 1e-5, "\(expected.name) at \(expected.size)")
    }
  }

  @Test(arguments: ["tiny.pth", "tiny-legacy.pth", "tiny.safetensors"])
  func `a checkpoint in each format gives PyTorch's logits`(file: String) async throws {
    let expected = try #require(ExpectedLogits.all("logits.json").first { $0.name == "tiny" })
    let network = try ImportedNetwork(
      TinyTorchNetwork.architecture, weights: fixture("torch/\(file)"), keepsTop: true)
    #expect(network.hasTop)
    #expect(!network.isChannelsLast)
    #expect(network.preprocessing == .torch)
    #expect(network.report.bound.count == 7)
    let found = try await logits(network.graph, network.parameters, DrawnNumbers.images(size: 8))
    #expect(expected.difference(from: found) <= 1e-5)
  }

  @Test func `a network in several files is taken whole`() throws {
    let folder = try TemporaryFolder()
    let entries = DrawnNumbers.dictionary(of: try TinyTorchNetwork.architecture.graph()).entries
    let parts = [("a.safetensors", entries.prefix(2)), ("b.safetensors", entries.dropFirst(2))]
    var map: [String: String] = [:]
    for (part, entries) in parts {
      try SafetensorsFile.write(entries.map { ($0.name, $0.tensor) }, to: folder.url.appending(path: part))
      for entry in entries { map[entry.name] = part }
    }
    let index = folder.url.appending(path: "tiny.safetensors.index.json")
    try JSONEncoder().encode(["weight_map": map]).write(to: index)
    let network = try ImportedNetwork(TinyTorchNetwork.architecture, weights: index)
    #expect(network.report.bound.count == 5 && !network.hasTop)
    #expect(network.parameters["bn1/gamma"]?.floats == DrawnNumbers.tensor("bn1.weight", [4]).floats)
  }

  @Test func `without its classifier the file's is left unused`() throws {
    let network = try ImportedNetwork(TinyTorchNetwork.architecture, weights: fixture("torch/tiny.pth"), inputSize: 12)
    #expect(network.hasTop)
    #expect(network.graph.output?.shape == [4, 5, 5])
    #expect(network.report.unused == ["module.fc.weight", "module.fc.bias"])
    #expect(
      network.report.summary
        == "5 tensors bound by name; 2 of the file left unused; “module.” taken off the names")
  }

  @Test func `a whole module's and a half-precision dictionary's numbers are taken as they are`() throws {
    let graph = try TinyTorchNetwork.architecture.graph()
    let half = DrawnNumbers.dictionary(of: graph).entries.map { ($0.name, $0.tensor.converted(to: .float16)) }
    let (parameters, _) = try StateDictionaryBinder(
      StateDictionary(half, file: "half.pth"), graph: graph, title: "Tiny"
    ).bind()
    #expect(parameters["conv1/kernel"]?.dataType == .float16)
    #expect(parameters["conv1/kernel"]?.floats == half[0].1.floats)
  }

  @Test func `a transposed kernel is taken as a view`() throws {
    let graph = try TinyTorchNetwork.architecture.graph()
    let kernel = DrawnNumbers.tensor("conv1.weight", [4, 3, 3, 3])
    let channelsLast = kernel.permuted([0, 2, 3, 1]).contiguous().permuted([0, 3, 1, 2])
    let entries = DrawnNumbers.dictionary(of: graph).entries
    let tensors = entries.map { ($0.name, $0.name == "conv1.weight" ? channelsLast : $0.tensor) }
    let (parameters, _) = try StateDictionaryBinder(
      StateDictionary(tensors, file: "w.pth"), graph: graph, title: "Tiny"
    ).bind()
    #expect(parameters["conv1/kernel"]?.strides == channelsLast.strides)
    #expect(parameters["conv1/kernel"]?.floats == kernel.floats)
  }

  @Test func `timm's convolution over the whole map becomes a dense kernel`() throws {
    let graph = try TinyTorchNetwork.architecture.graph(classes: 5)
    let entries = DrawnNumbers.dictionary(of: graph).entries
    let tensors = entries.map {
      ($0.name, $0.name == "fc.weight" ? $0.tensor.reshaped([5, 4, 3, 3]) : $0.tensor)
    }
    let (parameters, _) = try StateDictionaryBinder(
      StateDictionary(tensors, file: "w.pth"), graph: graph, title: "Tiny"
    ).bind()
    #expect(parameters["fc/kernel"]?.shape == [5, 36])
  }

  @Test func `VGG's classifier wants a map that divides into seven`() throws {
    #expect(try Architecture.vgg16Torchvision.graph(classes: 10)["avgpool"] == nil)
    #expect(try Architecture.vgg16Torchvision.graph(inputSize: 448, classes: 10)["avgpool"]?.shape == [512, 7, 7])
    #expect(
      message { _ = try Architecture.vgg16Torchvision.graph(inputSize: 160, classes: 10) }
        == "VGG-16 (torchvision) needs images whose sides are multiples of 224 pixels, for its classifier, not 160×160")
  }
}

private let published = ["resnet20-12fca82f.th", "resnet56-4bfd9763.th"]

/// Files of github.com/akamaster/pytorch_resnet_cifar10.
@Suite(
  .enabled(
    if: published.allSatisfy { sharedWeights($0) != nil }, "the published CIFAR files are not in ../shared/weights"))
struct `Published ResNets for CIFAR` {
  @Test func `are recognised and give PyTorch's logits`() async throws {
    let all = try ExpectedLogits.all("published-logits.json")
    #expect(all.map(\.name) == published)
    for (expected, name) in zip(all, ["resnet20-cifar", "resnet56-cifar"]) {
      let file = try #require(sharedWeights(expected.name))
      let dictionary = StateDictionary(try TorchCheckpoint(contentsOf: file), file: expected.name)
      #expect(dictionary.architectures.map(\.name) == [name])
      let network = try ImportedNetwork(dictionary.architecture(), weights: file, keepsTop: true)
      let found = try await logits(network.graph, network.parameters, DrawnNumbers.images(size: 32))
      #expect(expected.difference(from: found) <= 1e-5, "\(name)")
    }
  }
}
