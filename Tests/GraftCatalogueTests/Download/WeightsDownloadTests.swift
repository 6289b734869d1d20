import Foundation
import LoopbackServer
import Synchronization
import Testing

@testable import GraftCatalogue

@Suite struct WeightsDownloadTests {
  private let depot: Depot

  init() throws { depot = try Depot() }

  @Test func `a file is fetched, verified and named, and nothing else is left`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0) }
    let outcome = try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    #expect(outcome == .init(file: depot.target, wasThere: false, verification: .md5))
    #expect(try Data(contentsOf: depot.target) == content)
    #expect(depot.names == ["sample.h5"])
    #expect(server.requests.map(\.path) == ["/files/sample.h5"])
    #expect(server.requests[0].headers["accept-encoding"] == "identity")
  }

  @Test func `a good file is not fetched again`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0) }
    try depot.put(content, at: depot.target)
    let outcome = try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    #expect(outcome.wasThere && server.requests.isEmpty)
  }

  @Test func `a bad file in the cache gives way to a good one, and stays where none can be had`() async throws {
    let content = depot.content
    try depot.put(Data("bad".utf8), at: depot.target)
    let absent = try LoopbackServer { _ in Reply(status: 404) }
    await #expect(throws: CatalogueError.self) {
      try await WeightsDownload(depot.weights(absent.url), cache: depot.cache).run()
    }
    #expect(try Data(contentsOf: depot.target) == Data("bad".utf8))
    let server = try LoopbackServer { .file(content, to: $0) }
    _ = try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    #expect(try Data(contentsOf: depot.target) == content)
  }

  @Test func `a mirror is asked for the name and the file`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0) }
    let elsewhere = try LoopbackServer.unusedURL()
    _ = try await WeightsDownload(
      depot.weights(elsewhere), mirror: server.url.appending(path: "a/b/"), cache: depot.cache
    ).run()
    #expect(server.requests.map(\.path) == ["/a/b/sample/sample.h5"])
  }

  @Test func `redirections are followed`() async throws {
    let content = depot.content
    let server = try LoopbackServer { request in
      request.path == "/files/sample.h5"
        ? Reply(status: 302, headers: ["Location": "/elsewhere"]) : .file(content, to: request)
    }
    _ = try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    #expect(server.requests.map(\.path) == ["/files/sample.h5", "/elsewhere"])
    #expect(try Data(contentsOf: depot.target) == content)
  }

  @Test func `a circle of redirections ends`() async throws {
    let server = try LoopbackServer { _ in Reply(status: 302, headers: ["Location": "/files/sample.h5"]) }
    await #expect(throws: CatalogueError.self) {
      try await WeightsDownload(depot.weights(server.url), cache: depot.cache).run()
    }
    #expect(server.requests.count < 30 && depot.names.isEmpty)
  }

  @Test func `a slow drip is seen coming, and is no stall`() async throws {
    let content = depot.content
    // 4.5 seconds in all, longer than any one silence may be.
    let server = try LoopbackServer { .file(content, to: $0).dripping(10_000, every: 0.15) }
    var seen: [TransferProgress] = []
    let download = try WeightsDownload(
      depot.weights(server.url), cache: depot.cache, stallTimeout: .seconds(4))
    _ = try await download.run {
      if case .progress(let progress) = $0 { seen.append(progress) }
    }
    #expect(seen.count >= 5)
    #expect(seen.map(\.completed) == seen.map(\.completed).sorted())
    #expect(seen.allSatisfy { $0.total == 300_000 } && seen.last?.completed == 300_000)
    let middle = try #require(seen.first { $0.completed > 100_000 })
    #expect(middle.bytesPerSecond > 0 && middle.bytesPerSecond < 400_000)
    #expect((middle.secondsLeft ?? 0) > 0.1)
  }

  @Test func `two at once fetch the file once`() async throws {
    let content = depot.content
    let server = try LoopbackServer { .file(content, to: $0).dripping(50_000, every: 0.1) }
    let download = try WeightsDownload(depot.weights(server.url), cache: depot.cache)
    let waited = Mutex(false)
    let report: @Sendable (WeightsDownload.Event) -> Void = { event in
      if event == .waiting { waited.withLock { $0 = true } }
    }
    async let first = download.run(report)
    async let second = download.run(report)
    let outcomes = try await [first, second]
    #expect(outcomes.filter(\.wasThere).count == 1)
    #expect(waited.withLock { $0 } && server.requests.count == 1)
    #expect(try Data(contentsOf: depot.target) == content)
  }
}
