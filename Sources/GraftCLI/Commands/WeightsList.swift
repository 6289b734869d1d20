import ArgumentParser
import Foundation
import Graft

struct WeightsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the published weight files.",
    discussion: """
      The accuracies are those that were published, on ImageNet's validation images, in percent.

      Examples:
        graft weights list
        graft weights list --json
      """)

  @OptionGroup var options: CacheOptions

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func run() throws {
    let reports = KnownWeights.all.map { WeightsReport($0, cache: options.folder) }
    if json {
      printJSON(["weights": reports])
    } else {
      let header = ["name", "parameters", "size", "top-1", "top-5", "cache"]
      print(columns(header, reports.map(\.row)))
    }
  }
}

/// What `weights list --json` prints of a file.
private struct WeightsReport: Encodable {
  let name, architecture, title, file, url: String
  let top: Bool
  let md5: String?
  let bytes: Int?
  let preprocessing: String
  let inputSize, parameters: Int
  let top1, top5: Double?
  /// Where it lies, if it has been fetched.
  let cached: String?

  init(_ weights: KnownWeights, cache: WeightsCache) {
    name = weights.name
    architecture = weights.architecture
    title = weights.title
    file = weights.file
    url = weights.url.absoluteString
    top = weights.hasTop
    md5 = weights.md5
    bytes = weights.byteCount
    preprocessing = weights.preprocessing.name
    inputSize = weights.inputSize
    parameters = weights.parameterCount
    top1 = weights.accuracy?.top1
    top5 = weights.accuracy?.top5
    cached = cache.file(of: weights)?.path(percentEncoded: false)
  }

  var row: [String] {
    func text(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "" }
    let size = bytes.map { String(format: "%.1f MB", Double($0) / 1e6) } ?? ""
    let command = top ? name + " --top" : name
    return [command, parameters.formatted(), size, text(top1), text(top5), cached == nil ? "" : "fetched"]
  }
}
