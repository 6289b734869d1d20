import CEmbeddedWeights
import Foundation
import GraftGraph

extension KnownWeights {
  /// All that `weights/manifest.json` lists, in its order.
  public static let all: [KnownWeights] = {
    var byteCount = 0
    guard let bytes = graft_weights_manifest(&byteCount) else { return [] }
    // The manifest is part of the program; a test reads it whole.
    return (try? decoded(Data(bytes: bytes, count: byteCount))) ?? []
  }()

  /// Reads a manifest.
  ///
  /// - Throws: `DecodingError`, which names the place.
  static func decoded(_ manifest: Data) throws -> [KnownWeights] {
    try JSONDecoder().decode(Manifest.self, from: manifest).weights.flatMap(\.files)
  }
}

/// `weights/manifest.json`: an entry is a network's published weights, with and without the classifier.
private struct Manifest: Decodable {
  struct Entry: Decodable {
    let files: [KnownWeights]
  }

  struct File: Decodable {
    let file: String
    let md5: String?
    let bytes: Int?
    let parameters: Int
  }

  let weights: [Entry]
}

extension Manifest.Entry {
  private enum Key: String, CodingKey {
    case name, architecture, title, origin, folder, preprocessing, inputSize, accuracy, withTop, withoutTop
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func text(_ key: Key) throws -> String { try container.decode(String.self, forKey: key) }
    let mode = try text(.preprocessing)
    guard let preprocessing = Preprocessing(named: mode) else {
      throw DecodingError.dataCorruptedError(
        forKey: .preprocessing, in: container, debugDescription: "“\(mode)” is no known preprocessing")
    }
    guard let folder = URL(string: try text(.folder)) else {
      throw DecodingError.dataCorruptedError(forKey: .folder, in: container, debugDescription: "it is no URL")
    }
    files = try [Key.withoutTop, .withTop].map { key in
      let file = try container.decode(Manifest.File.self, forKey: key)
      let hasTop = key == .withTop
      return KnownWeights(
        name: try text(.name), architecture: try text(.architecture),
        title: "\(try text(.title)) (\(try text(.origin)), \(hasTop ? "with" : "without") top)", hasTop: hasTop,
        url: folder.appending(path: file.file), md5: file.md5, byteCount: file.bytes, preprocessing: preprocessing,
        inputSize: try container.decode(Int.self, forKey: .inputSize), parameterCount: file.parameters,
        accuracy: try container.decodeIfPresent(KnownWeights.Accuracy.self, forKey: .accuracy))
    }
  }
}
