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
    // Hashing half a gigabyte takes longer than all the rest: only where there is something to be recognised.
    let isCatalogued = KnownWeights.of(architecture).contains { $0.md5 != nil }
    let known = isCatalogued ? try KnownWeights.recognised(md5: ContentHash.md5(contentsOf: url)) : nil
    self.init(
      graph: match.graph, parameters: match.parameters, report: match.report, known: known,
      preprocessing: known?.preprocessing ?? KnownWeights.customaryPreprocessing(of: architecture),
      hasTop: match.hasTop, isChannelsLast: false)
  }
}
