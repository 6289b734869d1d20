import Foundation
import GraftArchitectures
import GraftCatalogue
import GraftFormats
import GraftGraph

extension ImportedNetwork {
  /// Binds a PyTorch network's tensors to an architecture that bears its modules' names.
  ///
  /// - Parameter url: the file that they came from, to be recognised by its hash.
  init(
    _ architecture: Architecture, state dictionary: StateDictionary, from url: URL, inputSize: Size2D?, keepsTop: Bool
  ) throws {
    let match = try dictionary.match(architecture, inputSize: inputSize, keepsTop: keepsTop)
    self.init(
      graph: match.graph, parameters: match.parameters, report: match.report, architecture: architecture, url: url,
      hasTop: match.hasTop, isChannelsLast: false)
  }

  /// Loads a PyTorch network that bears the names and shapes of one that is known.
  static func torch(_ dictionary: StateDictionary, from url: URL, inputSize: Size2D?) throws -> ImportedNetwork {
    try ImportedNetwork(
      dictionary.architecture(), state: dictionary, from: url, inputSize: inputSize, keepsTop: true)
  }
}
