import Foundation
import GraftCatalogue
import GraftEngine
import GraftTraining

extension ConvolutionAlgorithms {
  /// Lets convolutions run by the faster algorithm, by what is remembered in this user's cache folder (`algorithms/` below
  /// `WeightsCache.standard`). Where that cannot be written to, all run directly, and the log says so.
  ///
  /// The command does this at its start. A program that does not has convolutions computed directly.
  public static func rememberInStandardFolder() {
    openRecordWhenNeeded {
      AlgorithmFile.opened(in: WeightsCache.standard.folder.appending(path: "algorithms"))
    }
  }
}
