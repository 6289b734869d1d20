import ArgumentParser
import Foundation
import Graft

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List runs with what came of them.",
    discussion: """
      Examples:
        graft runs
        graft runs experiments --sort metric
        graft runs --json
      """)

  @Argument(help: ArgumentHelp("A folder with runs. (default: runs)", valueName: "dir"))
  var folders: [String] = []

  @Option(
    help:
      "By what the list is sorted: \(RunListing.Order.allCases.map(\.rawValue).joined(separator: ", ")). (default: date)"
  )
  var sort: RunListing.Order?

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func run() throws {
    let listing = try RunListing(URL(filePath: folders.first ?? "runs"), order: sort ?? .date)
    if json { printJSON(listing) } else { print(listing.text) }
  }
}

extension RunListing.Order: ExpressibleByArgument {}
