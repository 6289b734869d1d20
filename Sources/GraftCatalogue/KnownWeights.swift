import CEmbeddedWeights
import Foundation
import GraftArchitectures
import GraftGraph

/// A published weight file: which network it is of, how to recognise it, and what must be done to images for it.
public struct KnownWeights: Hashable, Sendable {
  public let architecture: String
  /// For people: network, data set, variant.
  public let title: String
  /// The name that it is published under; two different files may bear one.
  public let file: String
  /// Of the whole file, in hexadecimal digits.
  public let md5: String
  public let preprocessing: Preprocessing
  /// The side of the images that it was trained on, in pixels.
  public let inputSize: Int

  /// All that `weights/manifest.json` lists.
  public static let all: [KnownWeights] = {
    var byteCount = 0
    guard let bytes = graft_weights_manifest(&byteCount) else { return [] }
    let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes: bytes, count: byteCount))
    return manifest?.weights ?? []
  }()

  /// The known file with this hash.
  public static func recognised(md5: String) -> KnownWeights? {
    all.first { $0.md5 == md5.lowercased() }
  }

  /// What the published weights of an architecture want done to images, where they all agree.
  public static func customaryPreprocessing(of architecture: Architecture) -> Preprocessing? {
    let modes = Set(all.filter { $0.architecture == architecture.name }.map(\.preprocessing))
    return modes.count == 1 ? modes.first : nil
  }
}

private struct Manifest: Decodable {
  let weights: [KnownWeights]
}

extension KnownWeights: Decodable {
  private enum Key: String, CodingKey {
    case architecture, title, file, md5, preprocessing, inputSize
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    architecture = try container.decode(String.self, forKey: .architecture)
    title = try container.decode(String.self, forKey: .title)
    file = try container.decode(String.self, forKey: .file)
    md5 = try container.decode(String.self, forKey: .md5)
    inputSize = try container.decode(Int.self, forKey: .inputSize)
    let mode = try container.decode(String.self, forKey: .preprocessing)
    guard let known = Preprocessing(named: mode) else {
      throw DecodingError.dataCorruptedError(
        forKey: .preprocessing, in: container, debugDescription: "“\(mode)” is no known preprocessing")
    }
    preprocessing = known
  }
}
