import ArgumentParser
import Foundation
import Graft

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two files of weights tensor by tensor.",
    discussion: """
      Two files of one format are compared as they are. Of files in different formats, and of run directories, the \
      networks that they describe are compared, in Graft's layout.

      Examples:
        graft diff before.h5 after.h5
        graft diff run1 run2 --all
        graft diff model.h5 model.onnx --tolerance 0.00001

      Exit codes: 0 the files hold the same numbers, or numbers as near as --tolerance allows; 1 they do not; others as \
      always.
      """)

  @Argument(help: ArgumentHelp("A file or a run directory.", valueName: "first"))
  var first: String

  @Argument(help: ArgumentHelp("The one to compare with it.", valueName: "second"))
  var second: String

  @Option(
    help: ArgumentHelp(
      "How far numbers may differ and still count as the same, as a share of the tensor's greatest magnitude.",
      valueName: "share"))
  var tolerance = 0.0

  @Flag(help: "List the tensors that are the same, too.")
  var all = false

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance is \(tolerance); expected 0 or more")
    }
  }

  func run() throws {
    let (one, other) = try tensors()
    let report = DiffReport(TensorComparison(one, other), tolerance: tolerance)
    if json { printJSON(report) } else { print(report.text(all: all)) }
    if !report.isSame { throw ExitCode(1) }
  }

  private func tensors() throws -> ([(name: String, tensor: Tensor)], [(name: String, tensor: Tensor)]) {
    let urls = [URL(filePath: first), URL(filePath: second)]
    let folders = urls.map { (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false }
    if !folders.contains(true), try FileSignature(contentsOf: urls[0]) == FileSignature(contentsOf: urls[1]) {
      return (try NetworkFile.tensors(contentsOf: urls[0]), try NetworkFile.tensors(contentsOf: urls[1]))
    }
    let networks = try zip(urls, folders).map { url, isFolder in
      let (graph, parameters) =
        if isFolder {
          try ModelFiles.read(from: url).network
        } else {
          try ImportedNetwork(contentsOf: url, keepsTop: true).network
        }
      return graph.parameters.compactMap { parameter in
        parameters[parameter.name].map { (name: parameter.name, tensor: $0.converted(to: .float32)) }
      }
    }
    return (networks[0], networks[1])
  }
}

extension TrainedModel {
  fileprivate var network: (LayerGraph, Parameters) { (graph, parameters) }
}

extension ImportedNetwork {
  fileprivate var network: (LayerGraph, Parameters) { (graph, parameters) }
}

/// What `diff` tells.
private struct DiffReport: Encodable {
  struct Row: Encodable {
    let tensor: String
    let other: String?
    let verdict: String
    /// Of two numbers in the same place; nil where there are none to compare.
    let largestDifference, relativeDifference: Double?
    let isSame: Bool
  }

  let isSame: Bool
  let matchedBy: String
  let identical, within, different: Int
  let tensors: [Row]

  init(_ comparison: TensorComparison, tolerance: Double) {
    tensors = comparison.rows.map { Row($0, tolerance: tolerance) }
    isSame = tensors.allSatisfy(\.isSame)
    matchedBy = comparison.matching.rawValue
    identical = comparison.rows.count { $0.verdict == .identical }
    different = tensors.count { !$0.isSame }
    within = tensors.count - identical - different
  }

  func text(all: Bool) -> String {
    let shown = tensors.filter { all || !$0.isSame }
    let table =
      shown.isEmpty
      ? ""
      : columns(["tensor", "difference"], shown.map { [$0.tensor + ($0.other.map { " ~ \($0)" } ?? ""), $0.verdict] })
        + "\n\n"
    return table + "\(identical) tensors are identical, "
      + (within > 0 ? "\(within) within the tolerance, " : "") + "\(different) differ"
      + (matchedBy == "order" ? "; the files share no name, so tensors were matched by their order" : "")
  }
}

extension DiffReport.Row {
  init(_ row: TensorComparison.Row, tolerance: Double) {
    tensor = row.name
    other = row.otherName
    switch row.verdict {
    case .identical:
      (verdict, largestDifference, relativeDifference, isSame) = ("identical", 0, 0, true)
    case .differs(let largest, let relative):
      verdict = String(format: "up to %.3g (%.2g of the greatest magnitude)", largest, relative)
      (largestDifference, relativeDifference) = (Self.finite(largest), Self.finite(relative))
      isSame = relative <= tolerance
    case .shapes(let one, let other):
      (verdict, largestDifference, relativeDifference, isSame) = ("shapes \(one) and \(other)", nil, nil, false)
    case .onlyInFirst:
      (verdict, largestDifference, relativeDifference, isSame) = ("only in the first", nil, nil, false)
    case .onlyInSecond:
      (verdict, largestDifference, relativeDifference, isSame) = ("only in the second", nil, nil, false)
    }
  }

  /// JSON has no infinity.
  private static func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
}
