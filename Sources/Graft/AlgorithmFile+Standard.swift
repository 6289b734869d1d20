import Foundation
import GraftCatalogue
import GraftEngine
import GraftTraining
import Logging

extension ConvolutionAlgorithms {
  /// Lets convolutions run by the faster algorithm, by what is remembered in this user's cache folder (`algorithms/` below
  /// `WeightsCache.standard`). Where that cannot be written to, all run directly, and a warning says so.
  ///
  /// The command does this at its start. A program that does not has convolutions computed directly.
  public static func rememberInStandardFolder() {
    openRecordWhenNeeded {
      do {
        return try AlgorithmFile(in: WeightsCache.standard.folder.appending(path: "algorithms"))
      } catch {
        Logger(label: "graft.algorithms").warning("all convolutions run directly: \(error)")
        return nil
      }
    }
  }
}
