import Foundation
import GraftArchitectures

/// The folder where fetched weight files are kept: `weights/NAME/FILE` below it. Nothing but whole, verified files gets
/// a final name there.
public struct WeightsCache: Hashable, Sendable {
  public let folder: URL

  public init(_ folder: URL) {
    self.folder = folder
  }

  /// The folder of this user: `GRAFT_CACHE` where the environment names one, else `~/Library/Caches/graft` on macOS and
  /// `$XDG_CACHE_HOME/graft` or `~/.cache/graft` elsewhere.
  public static var standard: WeightsCache {
    WeightsCache(
      environment: ProcessInfo.processInfo.environment, home: FileManager.default.homeDirectoryForCurrentUser)
  }

  init(environment: [String: String], home: URL) {
    if let named = environment["GRAFT_CACHE"], !named.isEmpty {
      self.init(URL(filePath: named))
      return
    }
    #if os(macOS)
      self.init(home.appending(path: "Library/Caches/graft"))
    #else
      // The XDG specification wants paths that are not absolute ignored.
      if let named = environment["XDG_CACHE_HOME"], named.hasPrefix("/") {
        self.init(URL(filePath: named).appending(path: "graft"))
      } else {
        self.init(home.appending(path: ".cache/graft"))
      }
    #endif
  }

  /// Where a file lies, or would lie. By name as well as file: two different files may bear one file name.
  public func location(of weights: KnownWeights) -> URL {
    folder.appending(path: "weights").appending(path: weights.name).appending(path: weights.file)
  }

  /// The file, where it has been fetched.
  public func file(of weights: KnownWeights) -> URL? {
    let location = location(of: weights)
    var isFolder: ObjCBool = false
    let path = location.path(percentEncoded: false)
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue ? location : nil
  }

  /// The fetched file of an architecture that is to be preferred.
  ///
  /// - Parameter preferringTop: whether a file with the classifier comes first, where both are there.
  public func file(of architecture: Architecture, preferringTop: Bool = false) -> URL? {
    KnownWeights.of(architecture, preferringTop: preferringTop).lazy.compactMap { file(of: $0) }.first
  }
}
