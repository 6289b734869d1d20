import Foundation
import GraftTensors

extension SafetensorsFile {
  /// How the list of a network's parts is named: `model.safetensors.index.json`.
  public static let indexSuffix = ".safetensors.index.json"

  /// Opens a network that lies in several files beside each other, by the list of them that Hugging Face's libraries write: a JSON
  /// object whose `weight_map` says for each tensor which file it is in.
  ///
  /// The parts must lie in the list's own folder. Tensors come in the order of the parts' names and of their places there.
  ///
  /// - Throws: `FormatError` where the list or a part cannot be read, or a part lacks a tensor that the list says it has.
  public init(shardsOf url: URL) throws {
    let file = try MappedFile(url)
    func malformed(_ reason: String) -> FormatError {
      .malformed(path: file.path, format: "safetensors index", reason: reason)
    }
    guard file.bytes.count <= SafetensorsHeader.maximumByteCount else {
      throw malformed("it has \(file.bytes.count.grouped) bytes, more than any network's")
    }
    guard let index = try? JSONDecoder().decode(Index.self, from: Data(file.bytes)) else {
      throw malformed("it is not a JSON object whose 'weight_map' maps names to files")
    }
    var found: [(name: String, tensor: Tensor)] = []
    for (part, names) in Dictionary(grouping: index.weightMap.keys, by: { index.weightMap[$0] ?? "" })
      .sorted(by: { $0.key < $1.key })
    {
      guard part.hasSuffix(".safetensors"), !part.contains("/"), !part.hasPrefix(".") else {
        throw malformed("it names the file '\(part.prefix(200))', and only .safetensors files beside it are read")
      }
      let wanted = Set(names)
      let shard = try SafetensorsFile(contentsOf: url.deletingLastPathComponent().appending(path: part))
      let tensors = shard.tensors.filter { wanted.contains($0.name) }
      if let absent = wanted.subtracting(tensors.map(\.name)).min() {
        throw malformed("it says that '\(part)' holds the tensor '\(absent)', which is not there")
      }
      found += tensors
    }
    guard !found.isEmpty else { throw malformed("its 'weight_map' is empty") }
    tensors = found
    metadata = [:]
  }

  private struct Index: Decodable {
    let weightMap: [String: String]

    enum CodingKeys: String, CodingKey {
      case weightMap = "weight_map"
    }
  }
}
