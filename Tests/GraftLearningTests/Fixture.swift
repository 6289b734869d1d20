import Foundation

/// A JSON file of `Fixtures`, decoded.
func fixture<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
  let file = Bundle.module.bundleURL.appending(path: "Fixtures").appending(path: name)
  return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
}
