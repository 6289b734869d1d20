import ArgumentParser
import Foundation
import Graft

struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a run as one page to read: curves, confusions, calibration, mistakes, and how to repeat it.",
    discussion: """
      The page is made of what lies in the run directory, whenever and wherever it was trained; nothing is computed anew. \
      The photographs of the worst mistakes are put into it, small, where they can still be found. It needs no network.

      Examples:
        graft report run
        graft report run --out report.html --photographs /mnt/photos
        graft report run --tensorboard logs
      """)

  @Argument(help: "The folder that `graft finetune` has written.")
  var run: String

  @Option(help: ArgumentHelp("The page to write. (default: report.html in the run)", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Where the photographs are now: the folder that the paths in predictions.csv are below.", valueName: "dir"))
  var photographs: String?

  @Option(
    help: ArgumentHelp("Write the history as event files for TensorBoard there, too.", valueName: "dir"))
  var tensorboard: String?

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func run() async throws {
    let folder = try RunFolder(URL(filePath: run))
    if let photographs, !FileManager.default.fileExists(atPath: photographs) {
      throw FormatError.fileNotFound(path: photographs)
    }
    let page = out.map { URL(filePath: $0) } ?? folder.url.appending(path: RunReport.fileName)
    let report = RunReport(folder, photographs: photographs.map { URL(filePath: $0) })
    try report.write(to: page)
    for gap in report.gaps { Terminal.standard.write("\(folder.path): \(gap.file) \(gap.reason)") }
    Terminal.standard.write("wrote \(page.relativePath)")
    let events = try tensorboard.map { try RunEvents.write(folder, to: URL(filePath: $0)) }
    for file in events ?? [] { Terminal.standard.write("wrote \(file.relativePath)") }
    if json {
      printJSON(
        ReportReport(
          report: page.relativePath, tensorboard: Nullable(value: events?.map(\.relativePath)), gaps: report.gaps))
    }
  }
}

/// What `report --json` prints.
private struct ReportReport: Encodable {
  let report: String
  let tensorboard: Nullable<[String]>
  let gaps: [RunFolder.Gap]
}
