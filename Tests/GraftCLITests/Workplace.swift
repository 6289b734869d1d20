import Foundation
import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

/// A folder with drawn photographs, where `graft` is run; goes away with the value.
final class Workplace {
  let folder: URL
  static let classes = ["blue", "red"]

  /// Draws `photos/blue` and `photos/red`, with `count` pictures each.
  init(count: Int = 5) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "graft-cli-\(UUID().uuidString)")
    var generator = SeededGenerator(seed: 13, stream: 0)
    for (label, name) in Self.classes.enumerated() {
      for number in 0..<count { try write("photos/\(name)/\(number).bmp", Self.bitmap(label, &generator)) }
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file, and the folders above it.
  @discardableResult
  func write(_ path: String, _ content: Data) throws -> URL {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try content.write(to: file)
    return file
  }

  func write(_ path: String, _ text: String) throws { try write(path, Data(text.utf8)) }

  /// The whole path of something in the folder.
  func path(_ name: String) -> String { folder.resolvingSymlinksInPath().appending(path: name).path }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: path).path)
  }

  /// Everything in the folder, hidden files included.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  func graft(_ arguments: String...) throws -> GraftProgram.Outcome {
    try GraftProgram.run(arguments, in: folder)
  }

  /// Trains a head on the smallest network with random numbers, without a frontier cache.
  func finetune(
    _ options: String..., interruptedAfter interruption: String? = nil, by signal: Int32 = SIGINT
  ) throws -> GraftProgram.Outcome {
    try GraftProgram.run(
      finetuning + ["--disk-cache", "0"] + options, in: folder, interruptedAfter: interruption, by: signal)
  }

  /// The same with the frontier cache in the given cache folder.
  func finetune(_ options: String..., cache: String) throws -> GraftProgram.Outcome {
    try GraftProgram.run(finetuning + options, in: folder, environment: ["GRAFT_CACHE": cache])
  }

  var finetuning: [String] {
    ["finetune", "--backbone", "squeezenet-tiny", "--weights", "random", "--image-size", "48", "--data", "photos"]
  }

  /// Writes random numbers for the smallest network as `tiny.safetensors`.
  ///
  /// - Parameter change: what is wrong with them.
  func writeWeights(_ change: (inout Parameters) -> Void = { _ in }) throws {
    var parameters = Parameters.initialized(try Architecture.squeezenetTiny.graph().parameters, seed: 1)
    change(&parameters)
    try SafetensorsFile.write(
      parameters.tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      metadata: ["preprocessing": String(decoding: try JSONEncoder().encode(Preprocessing.tensorFlow), as: UTF8.self)],
      to: folder.appending(path: "tiny.safetensors"))
  }

  /// A Keras file of the importer's tests: four layers that no known network has.
  static var kerasFile: Data {
    get throws {
      let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      return try Data(contentsOf: tests.appending(path: "GraftImportTests/Fixtures/tf.h5"))
    }
  }

  /// A bitmap of 40 × 30 pixels: noise around one colour for each class.
  private static func bitmap(_ label: Int, _ generator: inout SeededGenerator) -> Data {
    func word(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    let header =
      Array("BM".utf8) + word(3654, 4) + word(0, 4) + word(54, 4) + word(40, 4) + word(40, 4) + word(30, 4)
      + word(1, 2) + word(24, 2) + word(0, 4) + word(3600, 4) + word(2835, 4) + word(2835, 4) + word(0, 8)
    return Data(
      header
        + (0..<3600).map { position in
          UInt8((position % 3 == 2 * label ? 150 : 40) + 100 * generator.nextUniform())
        })
  }
}
