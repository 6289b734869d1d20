import Foundation
import LoopbackServer
import Testing

@Suite struct WeightsFetchTests {
  private let place: Workplace
  /// A file that no length is published of, so that any content gets as far as its hash.
  private static let file = "resnet101_weights_tf_dim_ordering_tf_kernels.h5"

  init() throws { place = try Workplace(count: 1) }

  private func fetch(_ options: String..., from server: URL) throws -> GraftProgram.Outcome {
    try GraftProgram.run(
      ["weights", "fetch", "resnet101", "--top", "--cache", "cache", "--url-base", server.absoluteString] + options,
      in: place.folder)
  }

  private var target: String { "cache/weights/resnet101/\(Self.file)" }

  @Test(.enabled(if: SharedFiles.squeezeNet != nil, "the shared SqueezeNet weights are absent"))
  func `a file is fetched, seen coming, and found by the other commands`() throws {
    let shared = try Data(contentsOf: #require(SharedFiles.squeezeNet))
    let server = try LoopbackServer { .file(shared, to: $0) }
    let arguments = ["weights", "fetch", "squeezenet", "--url-base", server.url.absoluteString]
    let environment = ["GRAFT_CACHE": place.path("cache")]
    let fetched = try GraftProgram.run(arguments, in: place.folder, environment: environment)
    #expect(fetched.status == 0)
    let stored = place.path("cache/weights/squeezenet/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5")
    #expect(fetched.output == stored + "\n")
    #expect(fetched.messages.contains("/3.0 MB  "))
    #expect(fetched.lastMessage == "fetched: its MD5 is the published one")
    #expect(try Data(contentsOf: URL(filePath: stored)) == shared)

    let again = try GraftProgram.run(arguments + ["--json"], in: place.folder, environment: environment)
    let report = try again.json()
    #expect(report["was_there"] as? Bool == true && report["verified_by"] as? String == "md5")
    #expect(report["file"] as? String == stored && report["bytes"] as? Int == 3_002_560)
    #expect(server.requests.count == 1)

    let features = try GraftProgram.run(
      "features", "--backbone", "squeezenet", "--data", "photos", "--out", "f.npy", in: place.folder,
      environment: environment)
    #expect(features.status == 0, "\(features.messages)")
    #expect(features.messages.contains("SqueezeNet 1.1, ImageNet (Keras 1 port, TensorFlow order, without top)"))
  }

  @Test func `a wrong hash`() throws {
    let server = try LoopbackServer { .file(Data("no weights".utf8), to: $0) }
    let outcome = try fetch("--json", from: server.url)
    #expect(outcome.status == 65)
    let report = try outcome.json()
    #expect(report["exit_code"] as? Int == 65)
    #expect(
      report["error"] as? String
        == "\(Self.file) from \(server.url)/resnet101/\(Self.file) is not the known file: its MD5 is "
        + "a531743590a6ac9fa02a1b5e6e55248b, expected f1aeb4b969a6efcfb50fad2f0c20cfc5; it is a text. It was not kept; "
        + "fetch it again, or from another mirror")
    #expect(!place.exists(target) && !place.exists(target + ".partial"))
  }

  @Test func `another length`() throws {
    let server = try LoopbackServer { .file(Data(count: 10), to: $0) }
    let outcome = try GraftProgram.run(
      "weights", "fetch", "mobilenet", "--cache", "cache", "--url-base", server.url.absoluteString, in: place.folder)
    #expect(outcome.status == 65)
    #expect(outcome.lastMessage.contains("the server announces 10 bytes, expected 17,225,924."))
  }

  @Test func `a server that lacks the file`() throws {
    let server = try LoopbackServer { _ in Reply(status: 404) }
    let outcome = try fetch(from: server.url)
    #expect(outcome.status == 69 && outcome.output.isEmpty)
    #expect(outcome.lastMessage.contains("was answered with the HTTP status 404 (not found), not with the file."))
  }

  @Test func `nobody there`() throws {
    let outcome = try fetch("--json", from: LoopbackServer.unusedURL())
    #expect(outcome.status == 69)
    #expect(try outcome.json()["exit_code"] as? Int == 69)
    #expect(outcome.lastMessage.contains("cannot be reached: no server answers there."))
  }

  @Test func `a server that falls silent`() throws {
    let server = try LoopbackServer { .file(Data(count: 10_000), to: $0).cut(after: 3000, .silence) }
    let outcome = try fetch("--timeout", "0.5", from: server.url)
    #expect(outcome.status == 69)
    #expect(
      outcome.lastMessage.hasSuffix(
        "has sent nothing for 0.5 seconds. The 3,000 bytes that came are kept: the same command goes on from there"))
    #expect(place.exists(target + ".partial"))
  }

  @Test func `Ctrl-C keeps what has come and says how to go on`() throws {
    let server = try LoopbackServer { .file(Data(count: 2_000_000), to: $0).dripping(100_000, every: 1) }
    try place.write(target + ".partial", Data(count: 500_000))
    let outcome = try GraftProgram.run(
      ["weights", "fetch", "resnet101", "--top", "--cache", "cache", "--url-base", server.url.absoluteString],
      in: place.folder, interruptedAfter: "MB/s")
    #expect(outcome.status == 130)
    #expect(outcome.messages.contains("\nwhat has come is kept: the same command goes on from there\n"))
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=500000-"])
    #expect(place.exists(target + ".partial") && !place.exists(target))
  }

  @Test func `a cache that cannot be written`() throws {
    try place.write("cache", Data())
    let outcome = try fetch(from: LoopbackServer.unusedURL())
    #expect(outcome.status == 74)
    #expect(
      outcome.lastMessage == "error: \(place.folder.path)/cache/weights/resnet101 cannot be written: Not a directory.")
  }

  @Test(
    arguments: [
      (["resnet"], "there are no known weights “resnet”; did you mean"),
      (["vgg16", "--url-base", "nowhere"], "“nowhere” is no address to fetch from."),
      (["vgg16", "--timeout", "0"], "--timeout is 0.0; expected 0.1 to 86400 seconds"),
    ])
  func `a command line that makes no sense`(arguments: [String], message: String) throws {
    let outcome = try GraftProgram.run(["weights", "fetch", "--cache", "cache"] + arguments, in: place.folder)
    #expect(outcome.status == 64)
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
    #expect(!place.exists("cache"))
  }
}
