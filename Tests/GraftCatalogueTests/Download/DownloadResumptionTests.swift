import Foundation
import LoopbackServer
import Synchronization
import Testing

@testable import GraftCatalogue

@Suite struct DownloadResumptionTests {
  private let depot: Depot

  init() throws { depot = try Depot() }

  /// A server that breaks off its first answer.
  private func breakingServer(after count: Int = 100_000, tags: [String] = ["\"1\"", "\"1\""]) throws -> LoopbackServer
  {
    let content = depot.content
    let served = Mutex(0)
    return try LoopbackServer { request in
      let number = served.withLock {
        $0 += 1
        return $0
      }
      let reply = Reply.file(content, to: request, tag: tags[min(number, tags.count) - 1])
      return number == 1 ? reply.cut(after: count) : reply
    }
  }

  @Test func `a body that was cut short is gone on from`() async throws {
    let server = try breakingServer()
    let download = try WeightsDownload(depot.weights(server.url), cache: depot.cache)
    let error = await #expect(throws: CatalogueError.self) { try await download.run() }
    #expect(
      error?.description
        == "the connection to \(server.url)/files/sample.h5 broke off after 100,000 of 300,000 bytes. The 100,000 bytes "
        + "that came are kept: the same command goes on from there")
    #expect(depot.names == ["sample.h5.partial", "sample.h5.partial.json"])
    var first: TransferProgress?
    _ = try await download.run { if case .progress(let progress) = $0, first == nil { first = progress } }
    #expect(first?.completed == 100_000)
    #expect(server.requests.last?.headers["range"] == "bytes=100000-")
    #expect(server.requests.last?.headers["if-range"] == "\"1\"")
    #expect(try Data(contentsOf: depot.target) == depot.content)
    #expect(depot.names == ["sample.h5"])
  }

  @Test func `a range survives a redirection`() async throws {
    let content = depot.content
    let server = try LoopbackServer { request in
      request.path == "/files/sample.h5"
        ? Reply(status: 302, headers: ["Location": "/elsewhere"]) : .file(content, to: request)
    }
    try depot.put(content.prefix(1000), at: depot.partial)
    _ = try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    #expect(server.requests.last?.headers["range"] == "bytes=1000-")
    #expect(try Data(contentsOf: depot.target) == content)
  }

  @Test func `a server without ranges sends all again`() async throws {
    let content = depot.content
    let server = try LoopbackServer { _ in Reply(body: content) }
    try depot.put(content.prefix(1000), at: depot.partial)
    _ = try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=1000-"])
    #expect(try Data(contentsOf: depot.target) == content)
  }

  @Test func `a file that has changed on the server is fetched from its beginning`() async throws {
    let server = try breakingServer(tags: ["\"1\"", "\"2\""])
    let download = try WeightsDownload(depot.weights(server.url), cache: depot.cache)
    await #expect(throws: CatalogueError.self) { try await download.run() }
    var first: TransferProgress?
    _ = try await download.run { if case .progress(let progress) = $0, first == nil { first = progress } }
    #expect(first?.completed == 0)
    #expect(try Data(contentsOf: depot.target) == depot.content)
  }

  @Test func `an earlier part that proves wrong is thrown away and all fetched again`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0) }
    try depot.put(Data(repeating: 7, count: 1000), at: depot.partial)
    _ = try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=1000-", nil])
    #expect(try Data(contentsOf: depot.target) == content)
  }

  @Test func `without a hash only the server's own tag lets a part be gone on from`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0) }
    try depot.put(content.prefix(1000), at: depot.partial)
    let download = try WeightsDownload(depot.weights(server.url, md5: .some(nil)), cache: depot.cache) { _ in }
    #expect(try await download.run().verification == .contents)
    #expect(server.requests.map { $0.headers["range"] } == [nil])
  }

  @Test func `a part that is the whole already needs no more bytes`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0) }
    try depot.put(content, at: depot.partial)
    // Where the catalogue knows the length nothing is asked; where not, the server says that nothing is missing.
    _ = try await WeightsDownload(depot.weights(server.url, byteCount: 300_000), cache: depot.cache).run()
    #expect(server.requests.isEmpty)
    try FileManager.default.moveItem(at: depot.target, to: depot.partial)
    _ = try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=300000-"])
    #expect(depot.names == ["sample.h5"])
  }

  @Test func `a part that is longer than the file is thrown away`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0) }
    try depot.put(content + Data(count: 10), at: depot.partial)
    _ = try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=300010-", nil])
    #expect(try Data(contentsOf: depot.target) == content)
  }

  @Test func `a cancelled download keeps what has come`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0).cut(after: 100_000, .silence) }
    let download = try WeightsDownload(depot.weights(server.url), cache: depot.cache)
    let (signs, sign) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await download.run {
        if case .progress(let progress) = $0, progress.completed == 100_000 { sign.finish() }
      }
    }
    for await _ in signs {}
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try Data(contentsOf: depot.partial) == content.prefix(100_000))
  }
}
