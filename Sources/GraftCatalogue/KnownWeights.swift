import Foundation
import GraftArchitectures
import GraftGraph

/// A published weight file: which network it is of, where it lies, how to recognise it, and what must be done to images
/// for it.
public struct KnownWeights: Hashable, Sendable {
  /// Shares of ImageNet's 50,000 validation images, in percent, as published.
  public struct Accuracy: Hashable, Sendable, Codable {
    /// The first guess is right.
    public let top1: Double
    /// One of the first five guesses is right.
    public let top5: Double

    public init(top1: Double, top5: Double) {
      self.top1 = top1
      self.top5 = top5
    }
  }

  /// What `graft weights fetch` calls it; the files with and without the classifier share one.
  public let name: String
  /// The name of the network that it is of.
  public let architecture: String
  /// For people: network, data set, variant.
  public let title: String
  /// Whether it holds the classifier.
  public let hasTop: Bool
  /// The name that it is published under; two different files may bear one.
  public let file: String
  /// Where it is published.
  public let url: URL
  /// Of the whole file, in hexadecimal digits; nil where none was published.
  public let md5: String?
  /// Of the whole file; nil where it is not known.
  public let byteCount: Int?
  public let preprocessing: Preprocessing
  /// The side of the images that it was trained on, in pixels.
  public let inputSize: Int
  /// Of the network as this file has it, with or without the classifier.
  public let parameterCount: Int
  /// Of the network with its classifier; nil where none was published. Published, not measured here.
  public let accuracy: Accuracy?

  public init(
    name: String, architecture: String, title: String, hasTop: Bool, url: URL, md5: String?, byteCount: Int? = nil,
    preprocessing: Preprocessing, inputSize: Int, parameterCount: Int, accuracy: Accuracy? = nil
  ) {
    self.name = name
    self.architecture = architecture
    self.title = title
    self.hasTop = hasTop
    file = url.lastPathComponent
    self.url = url
    self.md5 = md5?.lowercased()
    self.byteCount = byteCount
    self.preprocessing = preprocessing
    self.inputSize = inputSize
    self.parameterCount = parameterCount
    self.accuracy = accuracy
  }
}

extension KnownWeights {
  /// The file of that name, with or without the classifier.
  ///
  /// - Throws: `CatalogueError.unknownWeights`, with the names that come nearest.
  public static func named(_ name: String, hasTop: Bool = false) throws(CatalogueError) -> KnownWeights {
    if let known = all.first(where: { $0.name == name.lowercased() && $0.hasTop == hasTop }) { return known }
    // Each name has both files in the manifest, which a test holds it to.
    let names = all.filter { $0.hasTop == hasTop }.map(\.name)
    throw .unknownWeights(name, suggestions: closestNames(to: name, among: names), known: names)
  }

  /// The known file with this hash.
  public static func recognised(md5: String) -> KnownWeights? {
    all.first { $0.md5 == md5.lowercased() }
  }

  /// The files of an architecture, those to be preferred first: with the classifier or without, as wished, then in the
  /// manifest's order.
  public static func of(_ architecture: Architecture, preferringTop: Bool = false) -> [KnownWeights] {
    let files = all.filter { $0.architecture == architecture.name }
    return files.filter { $0.hasTop == preferringTop } + files.filter { $0.hasTop != preferringTop }
  }

  /// What the published weights of an architecture want done to images, where they all agree; where the catalogue has none, what
  /// the architecture's own source says of them.
  public static func customaryPreprocessing(of architecture: Architecture) -> Preprocessing? {
    let modes = Set(all.filter { $0.architecture == architecture.family }.map(\.preprocessing))
    return modes.count == 1 ? modes.first : modes.isEmpty ? architecture.preprocessing : nil
  }
}
