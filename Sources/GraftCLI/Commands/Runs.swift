import ArgumentParser
import Foundation
import Graft

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List runs with what came of them, or compare some.",
    discussion: """
      Of one folder, the runs right below it are listed; what is no run is named. Several runs are compared: what was done \
      differently, what came of it with its interval, and, where they have predictions for the same validation images, \
      whether the later ones differ from the first by more than chance (McNemar's exact test, 5 %).

      Examples:
        graft runs
        graft runs experiments --sort metric
        graft runs runs/1 runs/2 runs/5
        graft runs runs/1 runs/2 --json
      """)

  @Argument(help: ArgumentHelp("A folder with runs, or runs. (default: runs)", valueName: "dir"))
  var folders: [String] = []

  @Option(
    help: """
      By what a list is sorted: \(RunListing.Order.allCases.map(\.rawValue).joined(separator: ", ")). (default: date, the \
      latest first)
      """)
  var sort: RunListing.Order?

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    guard sort == nil || folders.count < 2 else {
      throw ValidationError("--sort is for lists; runs are compared as named")
    }
  }

  func run() throws {
    let folders = (folders.isEmpty ? ["runs"] : folders).map { URL(filePath: $0) }
    if folders.count == 1, !RunFolder.isRun(folders[0]) {
      let listing = try RunListing(folders[0], order: sort ?? .date)
      if json { printJSON(listing) } else { print(listing.text) }
    } else {
      let comparison = try RunComparison(folders)
      if json { printJSON(comparison) } else { print(comparison.text) }
    }
  }
}

extension RunListing.Order: ExpressibleByArgument {}
