import Foundation
import GraftFormats
import LoopbackServer
import Testing

@testable import GraftCatalogue

@Suite struct DownloadFailureTests {
  private let depot: Depot

  init() throws { depot = try Depot() }

  /// Fetches, and expects to be told why it cannot be done.
  private func expect(
    _ message: String, from server: URL, md5: String?? = nil, byteCount: Int? = nil, stall: Duration = .seconds(30)
  ) async throws {
    let download = try WeightsDownload(
      depot.weights(server, md5: md5, byteCount: byteCount), cache: depot.cache, stallTimeout: stall)
    let error = await #expect(throws: CatalogueError.self) { try await download.run() }
    #expect(error?.description == message)
    #expect(error?.localizedDescription == message)
  }

  @Test func `a wrong hash leaves nothing`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0) }
    let wrong = String(repeating: "0", count: 32)
    try await expect(
      "sample.h5 from \(server.url)/files/sample.h5 is not the known file: its MD5 is \(depot.md5), expected \(wrong). "
        + "It was not kept; fetch it again, or from another mirror", from: server.url, md5: wrong)
    #expect(depot.names.isEmpty && server.requests.count == 1)
  }

  @Test func `a web page in the file's stead is named as one`() async throws {
    let page = Data("<!DOCTYPE html><html><body>Log in</body></html>".utf8)
    let server = try LoopbackServer { _ in Reply(body: page) }
    try await expect(
      "sample.h5 from \(server.url)/files/sample.h5 is not the known file: its MD5 is "
        + "00ca3dfba4588c4c3567de3702e0c2f8, expected \(depot.md5); it is a web page. It was not kept; fetch it again, or "
        + "from another mirror", from: server.url)
    #expect(depot.names.isEmpty)
  }

  @Test func `another length than the known one is refused before the body`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0) }
    try await expect(
      "\(server.url)/files/sample.h5 is another file than the known one: the server announces 300,000 bytes, expected "
        + "300,001. Name another mirror with --url-base", from: server.url, byteCount: 300_001)
    #expect(depot.names.isEmpty)
  }

  @Test func `a body without end is not followed for ever`() async throws {
    let server = try LoopbackServer { _ in
      var reply = Reply(body: Data(count: 4_000_000))
      reply.announced = nil
      reply.ending = .silence
      return reply
    }
    let download = try WeightsDownload(depot.weights(server.url), cache: depot.cache)
    let error = await #expect(throws: CatalogueError.self) { try await download.run() }
    guard case .wrongLength(_, 1_648_576, let found) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found > 1_648_576 && depot.names.isEmpty)
  }

  @Test func `a server that falls silent within the body`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0).cut(after: 5000, .silence) }
    try await expect(
      "\(server.url)/files/sample.h5 has sent nothing for 0.5 seconds. The 5,000 bytes that came are kept: the same "
        + "command goes on from there", from: server.url, stall: .milliseconds(500))
    #expect(try Data(contentsOf: depot.partial) == content.prefix(5000))
  }

  @Test func `a server that never says anything`() async throws {
    let server = try LoopbackServer { _ in
      var reply = Reply()
      reply.ending = .silenceAtOnce
      return reply
    }
    try await expect(
      "\(server.url)/files/sample.h5 has sent nothing for 0.5 seconds. Try again later, or name a mirror with --url-base",
      from: server.url, stall: .milliseconds(500))
    #expect(depot.names.isEmpty)
  }

  @Test func `a file that the server lacks`() async throws {
    let server = try LoopbackServer { _ in Reply(status: 404, body: Data("gone".utf8)) }
    try await expect(
      "\(server.url)/files/sample.h5 was answered with the HTTP status 404 (not found), not with the file. Try again "
        + "later, or name a mirror with --url-base", from: server.url)
    #expect(depot.names.isEmpty)
  }

  @Test func `a refusal leaves the earlier part alone`() async throws {
    let server = try LoopbackServer { _ in Reply(status: 503) }
    try depot.put(depot.content.prefix(1000), at: depot.partial)
    let download = try WeightsDownload(depot.weights(server.url), cache: depot.cache)
    await #expect(throws: CatalogueError.self) { try await download.run() }
    #expect(try Data(contentsOf: depot.partial).count == 1000)
  }

  @Test func `nobody listens`() async throws {
    let url = try LoopbackServer.unusedURL()
    try await expect(
      "\(url)/files/sample.h5 cannot be reached: no server answers there. Check the network, or name a mirror with "
        + "--url-base", from: url)
    #expect(depot.names.isEmpty)
  }

  @Test func `what has no hash and does not open is not kept`() async throws {
    let text = Data("no weights".utf8)
    let server = try LoopbackServer { _ in Reply(body: text) }
    try await expect(
      "sample.h5 from \(server.url)/files/sample.h5 is not the known file: \(depot.partial.path) is plain text, not a Keras "
        + "weights file (HDF5). Check that it is the file you meant. It was not kept; fetch it again, or from another "
        + "mirror", from: server.url, md5: .some(nil))
    #expect(depot.names.isEmpty)
  }

  @Test func `more than the disk can hold`() async throws {
    let server = try LoopbackServer { _ in
      var reply = Reply()
      reply.announced = 1 << 60
      return reply
    }
    let download = try WeightsDownload(depot.weights(server.url), cache: depot.cache)
    let error = await #expect(throws: CatalogueError.self) { try await download.run() }
    #expect(error?.description.contains("needs 1,152,921,504,606,846,976 bytes, but its disk has ") == true)
    #expect(depot.names.isEmpty)
  }

  #if os(Linux)
    @Test func `a disk that fills up on the way`() async throws {
      let content = depot.content
      let server = try LoopbackServer { .file(content, to: $0) }
      try depot.put(Data(), at: depot.partial)
      try FileManager.default.removeItem(at: depot.partial)
      try FileManager.default.createSymbolicLink(at: depot.partial, withDestinationURL: URL(filePath: "/dev/full"))
      let download = try WeightsDownload(depot.weights(server.url), cache: depot.cache)
      let error = await #expect(throws: FormatError.self) { try await download.run() }
      #expect(error?.description == "\(depot.target.path) cannot be written: No space left on device.")
      #expect(!depot.names.contains("sample.h5"))
    }
  #endif

  @Test func `a cache folder that cannot be made`() async throws {
    try depot.put(Data(), at: depot.cache.folder)
    let download = try WeightsDownload(depot.weights(LoopbackServer.unusedURL()), cache: depot.cache)
    let error = await #expect(throws: FormatError.self) { try await download.run() }
    #expect(
      error?.description
        == "\(depot.target.deletingLastPathComponent().path) cannot be written: Not a directory.")
  }

  @Test(arguments: ["file:///etc", "ftp://a.b", "a.b", "http://"])
  func `an address that is none`(address: String) throws {
    let mirror = try #require(URL(string: address))
    let error = #expect(throws: CatalogueError.self) {
      try WeightsDownload(depot.weights(LoopbackServer.unusedURL()), mirror: mirror, cache: depot.cache)
    }
    #expect(
      error?.description
        == "“\(address)” is no address to fetch from. It must begin with http:// or https:// and name a host")
  }
}
