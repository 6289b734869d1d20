import Foundation
import Graft

/// What `inspect` tells of a file.
struct FileReport: Encodable, Describable {
  struct TensorReport: Encodable {
    let name, type: String
    let shape: [Int]
  }

  let file, format: String
  let producer, version: String?
  let bytes: Int
  let knownAs: String?
  let architecture: String?
  /// Shapes of one image, channels first.
  let inputs, outputs: [[Int]]?
  let preprocessing: String?
  let labels: [String]?
  /// Why the file describes no network that can be used.
  let noNetwork: String?
  let hindrances: [String]
  let network: GraphReport?
  let tensors: [TensorReport]
  private let showsTensors: Bool

  private enum CodingKeys: String, CodingKey {
    case file, format, producer, version, bytes, knownAs, architecture, inputs, outputs, preprocessing, labels
    case noNetwork, hindrances, network, tensors
  }

  init(_ url: URL, showsTensors: Bool) throws {
    let inspected = try NetworkFile(contentsOf: url)
    file = url.relativePath
    format = inspected.format
    producer = inspected.producer
    version = inspected.version
    bytes = inspected.byteCount
    knownAs = inspected.known?.title
    labels = inspected.labels
    hindrances = inspected.hindrances
    tensors = inspected.entries.map { TensorReport(name: $0.name, type: $0.type, shape: $0.shape.dimensions) }
    let imported = try? inspected.network.get()
    architecture = imported?.architecture?.title
    inputs = imported.map { $0.graph.inputs.map { $0.shape.dimensions } }
    outputs = imported.map { network in network.graph.outputs.compactMap { network.graph[$0]?.shape.dimensions } }
    preprocessing = imported?.preprocessing?.name
    network = imported.map { GraphReport($0.graph, name: url.relativePath) }
    if case .failure(let error) = inspected.network { noNetwork = "\(error)" } else { noNetwork = nil }
    self.showsTensors = showsTensors || imported == nil
  }

  var text: String {
    let count = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    var lines = [
      "\(file): \(format), \(bytes.formatted()) bytes, \(tensors.count) tensors of \(count.formatted()) numbers"
    ]
    if let producer, !producer.isEmpty { lines.append("written by     \(producer)") }
    if let version { lines.append("version        \(version)") }
    lines.append("published as   \(knownAs ?? "none of the files that Graft knows")")
    if let noNetwork {
      lines.append("network        \(noNetwork)")
    } else if let inputs, let outputs {
      lines.append("network        \(architecture ?? "none of those known by name")")
      lines.append("images         \(inputs.map { "\(Shape($0))" }.joined(separator: ", "))")
      lines.append("outputs        \(outputs.map { "\(Shape($0))" }.joined(separator: ", "))" + labelText)
      lines.append("preprocessing  \(preprocessing ?? "not known")")
    }
    for (index, hindrance) in hindrances.enumerated() {
      lines.append((index == 0 ? "to train       " : "               ") + hindrance)
    }
    return body + "\n\n" + lines.joined(separator: "\n")
  }

  private var body: String {
    if !showsTensors, let network { return network.text }
    return columns(["tensor", "type", "shape"], tensors.map { [$0.name, $0.type, "\(Shape($0.shape))"] })
  }

  private var labelText: String {
    guard let labels else { return "" }
    return " (" + labels.prefix(5).joined(separator: ", ") + (labels.count > 5 ? ", …" : "") + ")"
  }
}
