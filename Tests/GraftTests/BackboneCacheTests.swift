import Foundation
import Graft
import Testing

@Suite final class BackboneCacheTests {
  private let cache = WeightsCache(
    FileManager.default.temporaryDirectory.appending(path: "graft-cache-\(UUID().uuidString)"))

  deinit { try? FileManager.default.removeItem(at: cache.folder) }

  @Test func `weights that are nowhere are answered with how to get them`() {
    let error = #expect(throws: CatalogueError.self) { try Backbone("resnet50", cache: cache) }
    #expect(
      error?.description
        == "no weights were named for ResNet-50, and \(cache.folder.path) holds none. Name a file with --weights, or fetch "
        + "the published one: graft weights fetch resnet50")
  }

  @Test func `a network without published weights has none to fetch`() {
    let error = #expect(throws: CatalogueError.self) { try Backbone("resnet18-torchvision", cache: cache) }
    #expect(
      error?.description
        == "no weights were named for ResNet-18 (torchvision), and \(cache.folder.path) holds none. Name a file with "
        + "--weights")
  }

  @Test func `the fetched file is used where none is named`() throws {
    let location = cache.location(of: try .named("squeezenet"))
    try FileManager.default.createDirectory(
      at: location.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("no weights".utf8).write(to: location)
    let error = #expect(throws: FormatError.self) { try Backbone("squeezenet", cache: cache) }
    #expect(
      error?.description
        == "\(location.path) is plain text, not a Keras weights file (HDF5). Check that it is the file you meant.")
  }
}
