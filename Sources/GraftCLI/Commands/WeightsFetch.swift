import ArgumentParser
import Foundation
import Graft

struct WeightsFetch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Download a published weight file into the cache, and verify it.",
    discussion: """
      What an interrupted download left is gone on from. A file gets its name in the cache only when it is whole and its \
      MD5 is the published one; MobileNet's files have none published, so that only their size, and that they open and \
      fit the network, can be checked. The file's path is printed on stdout.

      A mirror serves NAME/FILE, as the cache's own folder “weights” holds them: a copy of it, put on any web server, is \
      one. Proxies are taken from the environment (https_proxy).

      Examples:
        graft weights fetch resnet50
        graft weights fetch vgg16 --top
        graft weights fetch xception --url-base http://intranet/weights
      """)

  @Argument(help: "Which, as graft weights list has them.")
  var name: String

  @Flag(help: "The file with the classifier.")
  var top = false

  @OptionGroup var options: CacheOptions

  @Option(help: ArgumentHelp("A mirror to fetch from.", valueName: "url"))
  var urlBase: String?

  @Option(help: ArgumentHelp("How long the server may be silent.", valueName: "seconds"))
  var timeout = 30.0

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    guard (0.1...86_400).contains(timeout) else {
      throw ValidationError("--timeout is \(timeout); expected 0.1 to 86400 seconds")
    }
  }

  func run() async throws {
    let weights = try KnownWeights.named(name, hasTop: top)
    let architecture = try Architecture.named(weights.architecture)
    let mirror = try urlBase.map { text in
      guard let url = URL(string: text) else { throw CatalogueError.unusableAddress(text) }
      return url
    }
    let download = try WeightsDownload(
      weights, mirror: mirror, cache: options.folder, stallTimeout: .milliseconds(Int(timeout * 1000))
    ) { _ = try ImportedNetwork(architecture, weights: $0) }
    let outcome = try await run(download)
    Terminal.standard.write(outcome.message(weights))
    let report = FetchReport(outcome, weights)
    if json { printJSON(report) } else { print(report.file) }
  }

  private func run(_ download: WeightsDownload) async throws -> WeightsDownload.Outcome {
    let terminal = Terminal.standard
    terminal.write("\(download.weights.title), from \(download.url.absoluteString)")
    do {
      return try await interruptible {
        try await download.run { event in
          switch event {
          case .waiting: terminal.write("another process is fetching this file; waiting for it")
          case .progress(let progress): terminal.show(progress)
          }
        }
      }
    } catch is CancellationError {
      terminal.write("what has come is kept: the same command goes on from there")
      throw CancellationError()
    }
  }
}

extension WeightsDownload.Outcome {
  fileprivate func message(_ weights: KnownWeights) -> String {
    let start = wasThere ? "there already" : "fetched"
    return switch verification {
    case .md5: "\(start): its MD5 is the published one"
    case .contents:
      "\(start): no hash is published for this file, so only "
        + (weights.byteCount == nil ? "" : "its size, and ") + "that it opens and fits the network, could be checked"
    }
  }
}

/// What `weights fetch --json` prints.
private struct FetchReport: Encodable {
  let name, file: String
  let top, wasThere: Bool
  let bytes: Int?
  /// `md5`, or `contents` where no hash is published.
  let verifiedBy: String

  init(_ outcome: WeightsDownload.Outcome, _ weights: KnownWeights) {
    name = weights.name
    file = outcome.file.path(percentEncoded: false)
    top = weights.hasTop
    wasThere = outcome.wasThere
    bytes = try? outcome.file.resourceValues(forKeys: [.fileSizeKey]).fileSize
    verifiedBy = outcome.verification.rawValue
  }
}
