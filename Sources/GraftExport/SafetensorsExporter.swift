import Foundation
import GraftFormats
import GraftGraph

/// Writes a network's numbers, under Graft's names and in Graft's layout: kernels `[O, I / groups, H, W]` and
/// `[out, in]`, as PyTorch has them. The network itself is in the metadata, as JSON under `graft.graph`, so that Graft reads
/// it from there.
public struct SafetensorsExporter: Sendable {
  public init() {}

  /// - Throws: `ExportError.missingParameter`; `FormatError` where the file cannot be written.
  public func write(_ model: ExportedModel, to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func json(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    let tensors = try model.graph.parameters.map { parameter in
      guard let tensor = model.parameters[parameter.name] else {
        throw ExportError.missingParameter(name: parameter.name, shape: parameter.shape)
      }
      return (name: parameter.name, tensor: tensor)
    }
    var metadata = ["format": "graft", "graft.graph": try json(model.graph)]
    if let labels = model.labels { metadata["graft.labels"] = try json(labels) }
    if let preprocessing = model.preprocessing { metadata["preprocessing"] = try json(preprocessing) }
    try SafetensorsFile.write(tensors, metadata: metadata, to: url)
  }
}
