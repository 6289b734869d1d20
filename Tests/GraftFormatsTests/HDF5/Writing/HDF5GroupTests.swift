import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `HDF5 groups` {
  private let folder: TemporaryFolder
  private let url: URL

  init() throws {
    folder = try TemporaryFolder()
    url = folder.url.appending(path: "a.h5")
  }

  private func written(_ root: HDF5Group) throws -> HDF5Tree {
    try root.write(to: url)
    return try HDF5Tree(contentsOf: url)
  }

  @Test func `are read back as they were written`() throws {
    var root = HDF5Group()
    root.attributes = [
      "text": .text("größe"), "list": .texts(["a", "größe", ""]), "fixed": .fixedTexts(["one", "zwölf", ""]),
      "none": .fixedTexts([]), "number": .number(-2.5),
    ]
    root.add(Tensor(ramp(6, from: 1), shape: [2, 3]), at: "layers/conv/kernel:0")
    root.add(Tensor([7], shape: []), at: "scalar")
    root.add(Tensor(zeros: [0, 4]), at: "empty")
    root.add(Tensor(zeros: [2], dataType: .int64), at: "integers")
    root.withGroup(at: "layers/conv") { $0.attributes["weight_names"] = .fixedTexts(["kernel:0"]) }

    let tree = try written(root)
    #expect(
      tree.root.attributes == [
        "text": .texts(["größe"]), "list": .texts(["a", "größe", ""]), "fixed": .texts(["one", "zwölf", ""]),
        "none": .texts([]), "number": .numbers([-2.5]),
      ])
    let kernel = try #require(try tree["/layers/conv/kernel:0"]?.tensor())
    #expect(kernel.shape == [2, 3])
    #expect(kernel.floats == ramp(6, from: 1))
    #expect(try tree["/scalar"]?.tensor().floats == [7])
    #expect(try tree["/scalar"]?.tensor().shape == [])
    #expect(try tree["/empty"]?.tensor().shape == [0, 4])
    #expect(try tree["/integers"]?.tensor().dataType == .int64)
    #expect(try tree["/layers/conv"]?.texts("weight_names") == ["kernel:0"])
    for dataSet in tree.dataSets {
      guard case .dataSet(let content) = dataSet.entry?.content, case .inFile = content.elements else {
        Issue.record("\(dataSet.path) does not lie in one piece")
        continue
      }
    }
  }

  @Test func `are read as Keras's where they are laid out so`() throws {
    var root = HDF5Group()
    root.attributes["layer_names"] = .fixedTexts(["fire/one", "two"])
    root.attributes["backend"] = .text("tensorflow")
    root.add(Tensor([1, 2], shape: [2]), at: "fire/one/kernel:0")
    root.withGroup(at: "fire/one") { $0.attributes["weight_names"] = .fixedTexts(["kernel:0"]) }
    root.withGroup(at: "two") { $0.attributes["weight_names"] = .fixedTexts([]) }
    try root.write(to: url)
    let file = try KerasWeights(contentsOf: url)
    #expect(file.layers.map(\.name) == ["fire/one", "two"])
    #expect(file.layers[0].weights[0].tensor.floats == [1, 2])
    #expect(file.backend == "tensorflow")
  }

  @Test func `have lists too long for one attribute in equal parts, as Keras has them`() throws {
    // 30 bytes each: 2150 fit into 64,512, so 5000 make three parts of 1667, 1667 and 1666.
    let names = (0..<5000).map { "layer_\($0)_" + String(repeating: "x", count: 30 - "layer_\($0)_".count) }
    var root = HDF5Group()
    root.attributes["layer_names"] = .fixedTexts(names)
    for name in names { root.withGroup(at: name) { $0.attributes["weight_names"] = .fixedTexts([]) } }
    let tree = try written(root)
    #expect(tree.root.attributes["layer_names"] == nil)
    #expect(try (0..<4).map { try tree.root.texts("layer_names\($0)")?.count } == [1667, 1667, 1666, nil])
    #expect(try KerasWeights(contentsOf: url).layers.map(\.name) == names)
  }

  @Test func `hold texts longer than any attribute`() throws {
    var root = HDF5Group()
    let long = String(repeating: "{\"config\": 1}", count: 100_000)
    root.attributes["model_config"] = .text(long)
    #expect(try written(root).root.text("model_config") == long)
  }

  @Test func `make the same file each time`() throws {
    var root = HDF5Group()
    root.attributes["b"] = .text("x")
    root.attributes["a"] = .number(1)
    root.add(Tensor([1], shape: [1]), at: "g/d")
    try root.write(to: url)
    let first = try Data(contentsOf: url)
    try root.write(to: url)
    #expect(try Data(contentsOf: url) == first)
  }

  @Test func `are written whole or not at all`() throws {
    var root = HDF5Group()
    root.add(Tensor([1], shape: [1]), at: "a")
    try root.write(to: url)
    root.add(Tensor(zeros: [1], dataType: .bfloat16), at: "b")
    #expect(
      message { try root.write(to: url) }
        == "\(url.path) cannot be written: HDF5 has no type for bfloat16, which 'b' is of.")
    root = HDF5Group()
    root.attributes["a"] = .fixedTexts([String(repeating: "x", count: 64513)])
    #expect(
      message { try root.write(to: url) }
        == "\(url.path) cannot be written: a text of 64,513 bytes is too long for 'a'.")
    #expect(folder.names == ["a.h5"])
    #expect(try HDF5Tree(contentsOf: url)["/a"]?.tensor().floats == [1])
    let nowhere = folder.url.appending(path: "none/a.h5")
    #expect(
      message { try HDF5Group().write(to: nowhere) } == "\(nowhere.path) cannot be written: No such file or directory.")
  }
}
