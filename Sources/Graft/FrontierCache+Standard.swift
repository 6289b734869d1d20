import Foundation
import GraftCatalogue
import GraftTraining

extension FrontierCache {
  /// 2 GB.
  public static let standardLimit = 2 << 30

  /// In this user's cache folder, beside the fetched weights: `frontier/` below `WeightsCache.standard`.
  ///
  /// - Parameter limit: the most that the folder may take on the disk, in bytes.
  public static func standard(limit: Int = standardLimit) -> FrontierCache {
    FrontierCache(WeightsCache.standard.folder.appending(path: "frontier"), limit: limit)
  }
}
