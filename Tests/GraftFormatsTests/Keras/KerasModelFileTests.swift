import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

private let again = "Download it again, or write it again with the program that made it."

extension KerasModelFile {
  fileprivate var variables: KerasVariables? {
    if case .variables(let variables) = weights { variables } else { nil }
  }

  fileprivate var layers: [KerasWeights.Layer]? {
    if case .layers(let layers) = weights { layers } else { nil }
  }
}

@Suite struct `Keras model files` {
  @Test func `of Keras 2 have layers, and say what they are`() throws {
    let model = try KerasModelFile(contentsOf: fixture("full-model.h5"))
    #expect(model.kind == .model)
    #expect(model.layers?.map(\.name) == ["base", "dense", "top_level_model_weights"])
    #expect(model.configuration?.hasPrefix("{\"class_name\": \"Sequential\"") == true)
    #expect(model.kerasVersion == "2.2.4-tf" && model.backend == "tensorflow" && model.hasTrainingConfiguration)
    let weights = try KerasModelFile(contentsOf: fixture("keras1.h5"))
    #expect(weights.kind == .weights && weights.configuration == nil && weights.layers?.count == 4)
  }

  @Test func `of Keras 3 have variables by path, and layers' names`() throws {
    let file = try KerasModelFile(contentsOf: fixture("named.weights.h5"))
    #expect(file.kind == .weights && file.configuration == nil)
    let variables = try #require(file.variables)
    #expect(
      variables.tensors.keys.sorted() == [
        "layers/conv2d/vars/0", "layers/conv2d/vars/1", "layers/conv2d/vars/2", "layers/dropout/seed_generator/vars/0",
        "layers/functional/layers/dense/vars/0",
      ])
    #expect(
      variables.layerNames == [
        "layers/conv2d": "stem", "layers/functional/layers/dense": "inner", "layers/dropout/seed_generator": "seed",
      ])
    #expect(variables.variables(of: "layers/conv2d").map(\.floats) == [ramp(4, from: 1), ramp(2, from: 5), [1, 2, 3]])
    #expect(variables.variables(of: "").isEmpty)
  }

  @Test func `of TensorFlow 2.13 have the same paths`() throws {
    let variables = try #require(try KerasModelFile(contentsOf: fixture("old.weights.h5")).variables)
    #expect(variables.variables(of: "layers/functional/layers/dense").map(\.floats) == [ramp(6, from: 7)])
    #expect(variables.variables(of: "layers/conv2d").count == 2)
    #expect(variables.layerNames.isEmpty)
  }

  @Test(arguments: ["stored.keras", "deflated.keras"])
  func `in archives come with configuration and version`(name: String) throws {
    let file = try KerasModelFile(contentsOf: fixture(name))
    #expect(file.kind == .archive)
    #expect(
      file.configuration
        == "{\"class_name\": \"Sequential\", \"config\": {}, \"compile_config\": {\"loss\": \"größe\"}}")
    #expect(file.kerasVersion == "3.15.1")
    #expect(file.hasTrainingConfiguration)
    #expect(file.variables?.variables(of: "layers/conv2d").map(\.floats) == [ramp(4, from: 1), ramp(2, from: 5)])
    #expect(file.variables?.tensors.count == 4)
  }

  @Test(.enabled(if: Shared.exists, "there is no folder `shared` beside the package"))
  func `of every age and origin are read or refused in words`() throws {
    var kinds: [KerasModelFile.Kind: Int] = [:]
    for url in try ["material/keras", "material/keras/dl4j", "weights"].flatMap({ try Shared.files($0) })
    where ["h5", "hdf5", "keras"].contains(url.pathExtension) {
      let words = message { kinds[try KerasModelFile(contentsOf: url).kind, default: 0] += 1 }
      let isModel = !url.lastPathComponent.hasSuffix("inputs_and_outputs.h5")
      #expect(isModel ? words == "nothing" : words.contains("holds no Keras weights"), "\(words)")
    }
    #expect(kinds[.archive] == 2)
    #expect(kinds[.model, default: 0] > 30)
    #expect(kinds[.weights, default: 0] > 5)
  }
}

@Suite struct `Keras model files are refused` {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `where they are something else`() throws {
    let other = try fixture("other.h5")
    #expect(message { _ = try KerasModelFile(contentsOf: other) }.contains("holds no Keras weights"))
    let text = try folder.file("a.h5", "no".utf8)
    #expect(
      message { _ = try KerasModelFile(contentsOf: text) }
        == "\(text.path) is plain text, not a Keras model or weights file. Check that it is the file you meant.")
    let archive = try fixture("entries.zip")
    #expect(
      message { _ = try KerasModelFile(contentsOf: archive) }
        == "\(archive.path) is a ZIP archive, not a Keras model or weights file. Unpack it with `unzip` first.")
  }

  @Test func `where an archive's weights are damaged, by the archive's name`() throws {
    let bytes = try Array(Data(contentsOf: fixture("stored.keras")))
    let entry = try #require(ZipArchive(contentsOf: fixture("stored.keras"))["model.weights.h5"])
    let offset = try #require(entry.offset)
    var damaged = bytes
    damaged[offset + 3000] ^= 1
    let url = try folder.file("a.keras", damaged)
    #expect(
      message { _ = try KerasModelFile(contentsOf: url) }
        == "\(url.path) is not a valid ZIP file: its entry 'model.weights.h5' is damaged: CRC error. \(again)")
    let place = try #require(bytes.indices.last { bytes[$0...].starts(with: "model.weights.h5".utf8) })
    let own = try #require(bytes.indices.first { bytes[$0...].starts(with: "model.weights.h5".utf8) })
    for (name, words) in [
      ("model.weights.np", "holds its weights as 'model.weights.np', which Graft does not read. Save the model"),
      ("other.weights.h5", "is not a valid Keras file: it has no entry 'model.weights.h5'. \(again)"),
    ] {
      var renamed = bytes
      for start in [place, own] { renamed.replaceSubrange(start..<start + 16, with: name.utf8) }
      let url = try folder.file("b.keras", renamed)
      #expect(message { _ = try KerasModelFile(contentsOf: url) }.hasPrefix("\(url.path) \(words)"))
    }
  }

  @Test func `without leaving temporary files behind`() throws {
    let path = try TemporaryFile(isNamed: true).path
    #expect(path != nil)
    #expect(path.map { FileManager.default.fileExists(atPath: $0) } == false)
  }
}
