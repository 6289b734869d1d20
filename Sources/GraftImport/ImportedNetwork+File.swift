import Foundation
import GraftArchitectures
import GraftCatalogue
import GraftFormats
import GraftGraph

extension ImportedNetwork {
  /// Loads a network from a file that describes it: layers and numbers.
  ///
  /// - Parameters:
  ///   - inputSize: the size of the images; the file's own where nil.
  ///   - keepsTop: whether the network ends with the file's own classifier, where the file has one.
  /// - Throws: `FormatError` where the file cannot be read, `ImportError` where it describes no network that a graph can
  ///   express, or none at all: then its architecture must be named.
  public init(contentsOf url: URL, inputSize: Size2D? = nil, keepsTop: Bool = false) throws {
    let whole = try Self.whole(url, inputSize: inputSize)
    self = keepsTop ? whole : try whole.withoutClassifier()
  }

  /// The network as the file has it, classifier and all.
  private static func whole(_ url: URL, inputSize: Size2D?) throws -> ImportedNetwork {
    switch try FileSignature(contentsOf: url) {
    case .safetensors: try ImportedNetwork(describedSafetensors: url, inputSize: inputSize)
    default: throw ImportError.noDescription(file: url.lastPathComponent)
    }
  }

  private func withoutClassifier() throws -> ImportedNetwork {
    var network = self
    network.graph = try graph.withoutClassifier()
    let kept = Set(network.graph.parameters.map(\.name))
    let unused = report.bound.filter { !kept.contains($0.parameter) }
    network.report.bound.removeAll { !kept.contains($0.parameter) }
    network.report.unused += unused.map(\.source)
    for binding in unused { network.parameters[binding.parameter] = nil }
    network.hasTop = network.graph.nodes.count < graph.nodes.count
    return network
  }
}
