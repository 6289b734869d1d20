import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

/// What `torch.load` finds, as `tools/reference/torch_fixtures.py` wrote it down.
struct ExpectedTensor: Decodable, Equatable {
  let name: String
  let dataType: String
  let shape: [Int]
  /// The first 16 digits of the SHA-256 of the elements in row-major order.
  let digest: String

  init(from decoder: any Decoder) throws {
    var row = try decoder.unkeyedContainer()
    name = try row.decode(String.self)
    dataType = try row.decode(String.self)
    shape = try row.decode([Int].self)
    digest = try row.decode(String.self)
  }

  init(_ name: String, _ tensor: Tensor) throws {
    self.name = name
    dataType = tensor.dataType.rawValue
    shape = tensor.shape.dimensions
    digest = String(try tensor.withUnsafeBytes { try ContentHash.sha256(of: $0) }.prefix(16))
  }

  static func all(_ file: String) throws -> [String: [ExpectedTensor]] {
    try JSONDecoder().decode([String: [ExpectedTensor]].self, from: Data(contentsOf: fixture("torch/\(file)")))
  }
}

extension TorchCheckpoint {
  /// Everything read, under the names that it has in the whole file.
  func described() throws -> [ExpectedTensor] {
    try tensors.map { try ExpectedTensor((path + [$0.name]).joined(separator: "."), $0.tensor) }
  }
}

@Suite struct TorchCheckpointTests {
  private func load(_ name: String) throws -> TorchCheckpoint {
    try TorchCheckpoint(contentsOf: fixture("torch/\(name)"))
  }

  @Test(
    arguments: [
      "state.pt", "state-legacy.pt", "types-legacy.pt", "views.pt", "views-legacy.pt", "nested.pt", "protocol4.pt",
      "module.pt", "module-legacy.pt", "deflated.pt",
    ])
  func `holds what torch.load finds, in the same order`(name: String) throws {
    let expected = try #require(ExpectedTensor.all("expected.json")[name])
      .filter { $0.dataType != "complex64" }
    #expect(try load(name).described() == expected)
  }

  @Test func `holds what TorchScript's own reader finds`() throws {
    let expected = try #require(ExpectedTensor.all("expected.json")["scripted.pt"])
    let found = try load("scripted.pt").described()
    #expect(found.sorted { $0.name < $1.name } == expected.sorted { $0.name < $1.name })
  }

  @Test func `reads every element type, and names the ones that Graft has not`() throws {
    let file = try load("types.pt")
    let expected = try #require(ExpectedTensor.all("expected.json")["types.pt"])
    #expect(try file.described() == expected.filter { $0.dataType != "complex64" })
    #expect(file.tensors.count == 13)
    #expect(file.unreadable.map(\.name) == ["complex64"])
    #expect(file.unreadable.map(\.reason) == ["of the type ComplexFloat"])
  }

  @Test func `lends tensors from the mapped archive, transposed ones with strides`() throws {
    let file = try load("views.pt")
    let base = try #require(file["base"])
    #expect(base.floats == ramp(24, from: 0))
    #expect(file["transposed"]?.strides == [1, 6])
    #expect(file["corner"]?.floats == [6, 8, 10, 12, 14, 16])
    #expect(file["column"]?.floats == [3, 9, 15, 21])
    #expect(file["scalar"]?.floats == [23] && file["scalar"]?.shape == [])
    #expect(file["empty"]?.shape == [0, 6])
    let places = try [#require(file["base"]), #require(file["row"])].map { $0.withUnsafeStorage { $0.baseAddress } }
    #expect(places[1] == places[0].map { $0 + 12 * 4 })
  }

  @Test func `finds the network among what a training script saves`() throws {
    let file = try load("checkpoint.pt")
    #expect(file.path == ["state_dict"])
    #expect(file.tensors.map(\.name) == ["module.w", "module.b"])
    #expect(
      file.metadata == ["epoch": .integer(12), "arch": .text("resnet18"), "best": .number(91.5)])
    #expect(file.container == .archive)
  }

  @Test func `walks a module that was pickled whole, and says of which class it is`() throws {
    #expect(try load("module.pt").moduleClass == "__main__.Network")
    #expect(try load("module-legacy.pt").moduleClass == "__main__.Network")
    #expect(try load("module-legacy.pt").container == .legacy)
    #expect(try load("scripted.pt").moduleClass?.hasPrefix("__torch__.") == true)
    #expect(try load("state.pt").moduleClass == nil)
  }

  @Test func `calls a tensor that has no name “tensor”`() throws {
    let file = try load("parameter.pt")
    #expect(file.tensors.map(\.name) == ["tensor"])
    #expect(file.tensors[0].tensor.floats == ramp(6, from: 0))
  }

  @Test(
    arguments: [
      (
        "big-endian.pt",
        " holds numbers in big-endian order, which Graft does not read. "
          + "Load it with PyTorch on a little-endian machine and save it again."
      ),
      (
        "missing-storage.pt",
        " is not a valid PyTorch file: the tensor 'conv.bias' lies in the storage '1', which is not there. "
          + "Download it again, or write it again with the program that made it."
      ),
      (
        "short-storage.pt",
        " is not a valid PyTorch file: the tensor 'conv.weight' of shape [2, 3, 2, 2] and strides [12, 4, 2, 1] reaches "
          + "beyond the 5 elements of its storage. "
          + "Download it again, or write it again with the program that made it."
      ),
      (
        "optimizer.pt",
        " holds no tensor, only 'epoch', which Graft does not read. "
          + "Name a file that was written with `torch.save(model.state_dict(), …)`."
      ),
      (
        "other.pkl",
        " holds a Python pickle that PyTorch did not write, which Graft does not read. "
          + "Name a file that was written with `torch.save(model.state_dict(), …)`."
      ),
      (
        "tar.pt",
        " holds a TAR archive, as PyTorch wrote them before 2017, which Graft does not read. "
          + "Load it with PyTorch and save it again: `torch.save(torch.load(old), new)`."
      ),
      (
        "../entries.zip",
        " holds a ZIP archive without 'data.pkl', which PyTorch did not write, which Graft does not read. "
          + "Name a file that was written with `torch.save(model.state_dict(), …)`."
      ),
    ])
  func `refuses what it cannot read in words`(name: String, words: String) throws {
    let url = try fixture("torch/\(name)")
    #expect(message { _ = try TorchCheckpoint(contentsOf: url) } == url.path(percentEncoded: false) + words)
  }
}

/// Real files, as people have them.
@Suite(.enabled(if: Shared.exists, "there is no folder `shared` beside the package"))
struct `Real PyTorch files` {
  @Test func `hold what torch.load finds`() throws {
    let files = try ExpectedTensor.all("expected-shared.json")
    #expect(files.count >= 50)
    for (name, expected) in files {
      let file = try TorchCheckpoint(contentsOf: Shared.folder.appending(path: name))
      let prefix = file.path.map { $0 + "." }.joined()
      #expect(try file.described() == expected.filter { $0.name.hasPrefix(prefix) }, "\(name)")
      #expect(file.unreadable.isEmpty, "\(name)")
    }
  }

  @Test func `are unwrapped down to the network`() throws {
    func path(_ name: String) throws -> [String] {
      try TorchCheckpoint(contentsOf: Shared.folder.appending(path: name)).path
    }
    #expect(try path("weights/resnet56-4bfd9763.th") == ["state_dict"])
    #expect(try path("material/torch/burn_store/checkpoint.pt") == ["model_state_dict"])
    #expect(try path("material/torch/burn_store/top_level_key.pt") == ["my_state_dict"])
    #expect(try path("material/torch/burn_store/weights_with_config.pt") == ["my_model"])
    #expect(try path("material/torch/burn_store/nested_dict.pt") == [])
  }
}
