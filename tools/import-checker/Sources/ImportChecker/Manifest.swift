import Foundation

/// What matters here of the JSON that `swift package dump-package` prints.
public struct Manifest: Decodable, Sendable {
  public struct Target: Decodable, Sendable {
    public let name: String
    public let type: String
    /// Where its sources lie, if the manifest says so.
    public let path: String?
    public let dependencies: [Dependency]

    public var isTest: Bool { type == "test" }
    /// Relative to the package's root.
    public var folder: String { path ?? (isTest ? "Tests/" : "Sources/") + name }
  }

  /// A target or a product that a target depends on. A product counts as the module of the same name, which holds for
  /// every product that this package uses.
  public struct Dependency: Decodable, Sendable {
    public let name: String

    public init(from decoder: any Decoder) throws {
      // {"byName": [name, condition]}, {"target": [name, condition]} or {"product": [name, package, …]}
      let container = try decoder.container(keyedBy: Key.self)
      guard let kind = container.allKeys.first else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "a dependency of an unknown kind"))
      }
      var values = try container.nestedUnkeyedContainer(forKey: kind)
      name = try values.decode(String.self)
    }

    private enum Key: String, CodingKey { case byName, target, product }
  }

  public let targets: [Target]

  public init(json: Data) throws {
    self = try JSONDecoder().decode(Manifest.self, from: json)
  }
}
