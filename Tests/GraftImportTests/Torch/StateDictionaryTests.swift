import Foundation
import GraftArchitectures
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct StateDictionaryTests {
  private func dictionary(_ names: [String]) -> StateDictionary {
    StateDictionary(names.map { ($0, Tensor(zeros: [1])) }, file: "w.pth")
  }

  @Test func `what wrappers put before every name is taken off, however many there are`() {
    let wrapped = dictionary(["module._orig_mod.conv1.weight", "module._orig_mod.bn1.bias"])
    #expect(wrapped.entries.map(\.name) == ["conv1.weight", "bn1.bias"])
    #expect(wrapped.entries.map(\.source) == ["module._orig_mod.conv1.weight", "module._orig_mod.bn1.bias"])
    #expect(wrapped.conversions == ["“module.” taken off the names", "“_orig_mod.” taken off the names"])
  }

  @Test func `a head beside a wrapped backbone keeps its name`() {
    let names = (0..<12).map { "backbone.conv\($0).weight" } + ["projector.weight"]
    let found = dictionary(names).entries.map(\.name)
    #expect(found == (0..<12).map { "conv\($0).weight" } + ["projector.weight"])
  }

  @Test func `what only some names begin with is part of them`() {
    let names = ["encoder.weight", "decoder.weight"]
    #expect(dictionary(names).entries.map(\.name) == names)
    #expect(dictionary(names).conversions == [])
  }

  @Test func `counters of batches are no part of the network`() {
    #expect(dictionary(["bn1.weight", "bn1.num_batches_tracked"]).entries.map(\.name) == ["bn1.weight"])
  }

  /// Names and shapes as torchvision and timm have them.
  @Test(
    arguments: [
      ("torchvision/resnet18", "resnet18-torchvision"), ("torchvision/resnet50", "resnet50-torchvision"),
      ("torchvision/squeezenet1_1", "squeezenet-torchvision"),
      ("torchvision/mobilenet_v2", "mobilenetv2-torchvision"),
      ("torchvision/inception_v3", "inceptionv3-torchvision"), ("torchvision/vgg16", "vgg16-torchvision"),
      ("timm/resnet18", "resnet18-torchvision"), ("timm/mobilenetv2_100", "mobilenetv2-torchvision"),
      ("timm/inception_v3", "inceptionv3-torchvision"), ("cifar/resnet20", "resnet20-cifar"),
    ])
  func `the network is known by its tensors' names and shapes`(file: String, architecture: String) throws {
    let dictionary = try described(file)
    #expect(dictionary.architectures.map(\.name) == [architecture])
    #expect(try dictionary.architecture().name == architecture)
  }

  @Test(
    arguments: [
      "timm/resnet18d", "timm/seresnet18", "timm/resnet26", "torchvision/squeezenet1_0", "timm/mobilenetv2_050",
      "timm/efficientnet_b0",
    ])
  func `a network that is only alike is none of those that are known`(file: String) throws {
    let dictionary = try described(file)
    #expect(dictionary.architectures.map(\.name) == [])
    #expect(throws: ImportError.self) { try dictionary.architecture() }
  }

  /// Tensors of zeros for a row `conv1.weight [64, 3, 7, 7]` each.
  private func described(_ network: String) throws -> StateDictionary {
    let rows = try JSONDecoder().decode(
      [String: [String]].self, from: Data(contentsOf: fixture("torch/state-dictionaries.json")))
    let tensors = try #require(rows[network]).map { row in
      let parts = row.split(separator: " ", maxSplits: 1)
      let shape = try JSONDecoder().decode([Int].self, from: Data(parts[1].utf8))
      return (name: String(parts[0]), tensor: Tensor(zeros: Shape(shape), dataType: .float16))
    }
    return StateDictionary(tensors, file: network)
  }
}
