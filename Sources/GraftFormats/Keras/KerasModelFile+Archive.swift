import Foundation
import GraftTensors

extension KerasModelFile {
  /// A network of many thousand layers takes a few megabytes to describe.
  private static let maximumConfigurationByteCount = 64 << 20

  /// Weights hardly compress; an archive that says otherwise would fill the disk.
  private static func weightsLimit(archive byteCount: Int) -> Int { 16 * byteCount + 64 << 20 }

  /// Reads a `.keras` file: `config.json`, `metadata.json` and `model.weights.h5`.
  ///
  /// Source: `_save_model_to_fileobj` in `keras/src/saving/saving_lib.py`.
  init(archive: ZipArchive, reading: HDF5Reading) throws {
    func text(_ name: String) throws -> String? {
      try archive[name].map {
        String(decoding: try archive.contents(of: $0, limit: Self.maximumConfigurationByteCount), as: UTF8.self)
      }
    }
    guard let configuration = try text("config.json") else {
      throw FormatError.wrongKind(
        path: archive.file.path, expected: "a Keras model or weights file", found: .zip,
        byteCount: archive.file.bytes.count)
    }
    let metadata = try text("metadata.json").flatMap { try? JSONDecoder().decode(Metadata.self, from: Data($0.utf8)) }
    guard let weights = archive["model.weights.h5"] else { throw Self.unusualWeights(archive) }
    let tree = try Self.tree(archive, weights, reading: reading)
    guard let variables = try KerasVariables(tree) else {
      throw FormatError.notKerasWeights(path: tree.file.path, found: tree.root.memberNames)
    }
    self.init(
      kind: .archive, configuration: configuration, kerasVersion: metadata?.kerasVersion,
      hasTrainingConfiguration: Self.isCompiled(configuration), weights: .variables(variables),
      notes: metadata?.notes ?? [:])
  }

  private struct Metadata: Decodable {
    let kerasVersion, labels, preprocessing: String?

    enum CodingKeys: String, CodingKey {
      case kerasVersion = "keras_version"
      case labels = "graft.labels"
      case preprocessing = "graft.preprocessing"
    }

    var notes: [String: String] {
      [CodingKeys.labels.rawValue: labels, CodingKeys.preprocessing.rawValue: preprocessing].compactMapValues { $0 }
    }
  }

  /// Whether the model was saved with its optimizer and loss, from the outermost keys only.
  private static func isCompiled(_ configuration: String) -> Bool {
    struct Outermost: Decodable {
      struct Anything: Decodable {
        init(from decoder: any Decoder) throws {}
      }
      let training: Anything?

      enum CodingKeys: String, CodingKey {
        case training = "compile_config"
      }
    }
    return (try? JSONDecoder().decode(Outermost.self, from: Data(configuration.utf8)))?.training != nil
  }

  private static func unusualWeights(_ archive: ZipArchive) -> FormatError {
    let found = archive.entries.map(\.name).first { $0.hasPrefix("model") && $0.contains(".weights.") }
    guard let found else {
      return .malformed(path: archive.file.path, format: "Keras", reason: "it has no entry 'model.weights.h5'")
    }
    return .unsupported(
      path: archive.file.path, content: "its weights as '\(found)'",
      advice: "Save the model from Keras without further options: `model.save(\"model.keras\")`.")
  }

  /// libhdf5 reads files only, so the weights are unpacked into one, which is gone as soon as it is read and mapped.
  private static func tree(_ archive: ZipArchive, _ entry: ZipArchive.Entry, reading: HDF5Reading) throws -> HDF5Tree {
    let name = "\(archive.file.path)/\(entry.name)"
    let limit = weightsLimit(archive: archive.file.bytes.count)
    guard entry.size <= limit else {
      throw FormatError.malformed(
        path: archive.file.path, format: "Keras",
        reason: "'\(entry.name)' announces \(entry.size.grouped) bytes, and \(limit.grouped) are allowed")
    }
    let temporary = try TemporaryFile(isNamed: true)
    guard let path = temporary.path else { throw FormatError.writeFailed(path: name, reason: "it has no name") }
    try archive.forEachPiece(of: entry) { try writeAll($0, to: temporary.descriptor, path: path) }
    let file = try temporary.mapped(path: name)
    try file.require(.hdf5, expected: "an HDF5 file")
    return try HDF5Tree(file, at: path, elements: KerasWeights.elements, reading: reading)
  }
}
