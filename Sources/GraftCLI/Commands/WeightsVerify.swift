import ArgumentParser
import Foundation
import Graft

struct WeightsVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Say which published weight file a file is, by its MD5.",
    discussion: """
      Exits with 0 where it is one, with 65 where it is none.

      Examples:
        graft weights verify resnet50_weights_tf_dim_ordering_tf_kernels.h5
        graft weights verify weights.h5 --json
      """)

  @Argument(help: "The file.")
  var file: String

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func run() throws {
    let report = try VerifyReport(URL(filePath: file))
    if json { printJSON(report) } else { print(report.text) }
    if report.name == nil { throw ExitCode(Failure.Code.badInput.rawValue) }
  }
}

/// What `weights verify --json` prints.
private struct VerifyReport: Encodable {
  let file, md5: String
  let bytes: Int
  /// Of the published file that it is.
  let name, title: String?
  let top: Bool?
  /// Where it is none, what can be said about its name and size.
  let remark: String?

  init(_ url: URL) throws {
    file = url.relativePath
    md5 = try ContentHash.md5(contentsOf: url)
    bytes = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
    let known = KnownWeights.recognised(md5: md5)
    name = known?.name
    title = known?.title
    top = known?.hasTop
    remark = known == nil ? Self.remark(name: url.lastPathComponent, bytes: bytes) : nil
  }

  private static func remark(name: String, bytes: Int) -> String? {
    let namesakes = KnownWeights.all.filter { $0.file == name }
    guard let first = namesakes.first else { return nil }
    if first.md5 == nil {
      let size = first.byteCount.map { $0 == bytes ? ", and its size" : ", but not its size, \($0.formatted()) bytes" }
      return "it bears the name of \(first.title)\(size ?? ""); no hash is published for that"
    }
    let sizes = namesakes.compactMap(\.byteCount)
    let isCutOff = sizes.count == namesakes.count && sizes.allSatisfy { bytes < $0 }
    return "it bears the name of \(namesakes.map(\.title).joined(separator: " and of ")), but is not it"
      + (isCutOff ? ": it is cut off, or another file" : "")
  }

  var text: String {
    "\(file): \(bytes.formatted()) bytes, MD5 \(md5)\n"
      + (title.map { "known as \($0)" } ?? "no published file that Graft knows" + (remark.map { "; \($0)" } ?? ""))
  }
}
