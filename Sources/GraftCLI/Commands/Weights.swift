import ArgumentParser
import Foundation
import Graft

struct Weights: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, fetch and recognise the published weight files that Graft knows.",
    discussion: """
      Fetched files are kept in a cache folder, where the other commands find them when --weights is left out: \
      $GRAFT_CACHE if it is set, else ~/Library/Caches/graft on macOS, and $XDG_CACHE_HOME/graft or ~/.cache/graft \
      elsewhere.

      Examples:
        graft weights list
        graft weights fetch resnet50
        graft weights verify resnet50_weights_tf_dim_ordering_tf_kernels.h5
      """,
    subcommands: [WeightsList.self, WeightsFetch.self, WeightsVerify.self])
}

/// Where fetched files are kept.
struct CacheOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The cache folder, in place of the usual one.", valueName: "dir"))
  var cache: String?

  var folder: WeightsCache { cache.map { WeightsCache(URL(filePath: $0)) } ?? .standard }
}
