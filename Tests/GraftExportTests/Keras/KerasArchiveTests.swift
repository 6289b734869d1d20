import Foundation
import GraftExport
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@Suite struct `Archives of Keras 3` {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "graft-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private static func model() throws -> ExportedModel {
    var model = try exportedModel { graph in
      try graph.add(Conv2D("first", filters: 4, kernel: 1))
      try graph.add(BatchNormalization("norm", usesShift: false))
      try graph.add(PReLU("slope", sharedAxes: [.height, .width]))
      try graph.add(Conv2D("second", filters: 2, kernel: 1, usesBias: false))
    }
    model.labels = ["ants", "“bees”"]
    model.preprocessing = .caffe
    return model
  }

  @Test func `weights are filed by the layers' kinds and numbers`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = try Self.model()
    let keras = try KerasFile(model, ending: "keras")
    #expect(keras.file.kind == .archive)
    guard case .variables(let variables) = keras.file.weights else {
      Issue.record("the weights are not as Keras 3 files them")
      return
    }
    #expect(
      variables.tensors.keys.sorted() == [
        "layers/batch_normalization/vars/0", "layers/batch_normalization/vars/1", "layers/batch_normalization/vars/2",
        "layers/conv2d/vars/0", "layers/conv2d/vars/1", "layers/conv2d_1/vars/0", "layers/p_re_lu/vars/0",
      ])
    #expect(variables.layerNames["layers/conv2d_1"] == "second")
    // γ, mean, variance.
    #expect(
      variables.tensors["layers/batch_normalization/vars/2"]?.floats == model.parameters["norm/moving_variance"]?.floats
    )
    #expect(variables.tensors["layers/p_re_lu/vars/0"]?.shape == [1, 1, 4])
    #expect(keras.layers.allSatisfy { $0["module"] as? String == "keras.layers" })
    #expect(try keras.options("image")["batch_shape"] as? NSArray == [NSNull(), 7, 6, 4])
  }

  @Test func `labels and preprocessing lie where Keras does not look`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (archive, tree) = (folder.appending(path: "m.keras"), folder.appending(path: "m.h5"))
    try KerasExporter().write(Self.model(), to: archive)
    try KerasExporter().write(Self.model(), to: tree)
    let zip = try ZipArchive(contentsOf: archive)
    #expect(zip.entries.map(\.name) == ["metadata.json", "config.json", "model.weights.h5"])
    #expect(zip.entries.filter { !$0.isStored }.isEmpty)
    let metadata = try JSONDecoder().decode(
      [String: String].self, from: Data(zip.contents(of: #require(zip["metadata.json"]))))
    #expect(metadata["graft.labels"] == #"["ants","“bees”"]"#)
    let root = try HDF5Tree(contentsOf: tree, reading: .inThisProcess).root
    #expect(try root.text("graft.labels") == metadata["graft.labels"])
    #expect(try root.text("graft.preprocessing") == metadata["graft.preprocessing"])
    let written = try #require(metadata["graft.preprocessing"])
    #expect(try JSONDecoder().decode(Preprocessing.self, from: Data(written.utf8)) == .caffe)
  }

  @Test(arguments: ["m.keras", "m.h5", "m.onnx"])
  func `the same network makes the same file`(name: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try (0..<2).map { _ in
      let file = folder.appending(path: name)
      if name.hasSuffix("onnx") {
        try ONNXExporter().write(Self.model(), to: file)
      } else {
        try KerasExporter().write(Self.model(), to: file)
      }
      return try Data(contentsOf: file)
    }
    #expect(files[0] == files[1])
  }

  @Test(arguments: ["m.keras", "m.h5"])
  func `where nothing can be written the file that was there stays, and nothing else`(name: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data("as it was".utf8).write(to: file)
    var model = try Self.model()
    model.parameters["second/kernel"] = nil
    #expect(throws: ExportError.self) { try KerasExporter().write(model, to: file) }
    let absent = folder.appending(path: "absent/\(name)")
    let error = #expect(throws: FormatError.self) { try KerasExporter().write(Self.model(), to: absent) }
    #expect(error?.description.hasSuffix("/\(name) cannot be written: No such file or directory.") == true)
    #expect(try String(contentsOf: file, encoding: .utf8) == "as it was")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
  }
}
