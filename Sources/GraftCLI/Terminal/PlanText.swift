import Foundation
import Graft

/// A plan in words: what trains, how each batch normalisation behaves, and where the frontier lies.
struct PlanText {
  let layers: [LayerPlan]
  let frontier: [LayerGraph.Node]
  let trainable, total: Int

  /// - Parameter graph: backbone and heads.
  init(_ plan: FreezePlan, graph: LayerGraph) throws {
    layers = plan.layers(of: graph)
    frontier = try plan.frontier(of: graph).map { try graph.node($0) }
    trainable = layers.reduce(0) { $0 + $1.trainable }
    total = graph.parameterCount
  }

  /// One line for each layer.
  var table: String {
    let rows = layers.map { layer in
      [
        layer.layer, layer.stage ?? "", layer.parameters.formatted(), layer.verb, layer.batchNorm?.sentence ?? "",
      ]
    }
    return columns(["layer", "stage", "parameters", "plan", "batch normalisation"], rows) + "\n\n" + summary
  }

  /// One line for each run of layers that are treated alike.
  var outline: String {
    var runs: [[LayerPlan]] = []
    for layer in layers {
      if let last = runs.last?.last(where: { ($0.batchNorm == nil) == (layer.batchNorm == nil) }) ?? runs.last?.last,
        last.isLike(layer)
      {
        runs[runs.count - 1].append(layer)
      } else {
        runs.append([layer])
      }
    }
    return (runs.map(line) + [summary]).joined(separator: "\n")
  }

  private func line(_ run: [LayerPlan]) -> String {
    let first = run[0].layer
    let names = run.count == 1 ? first : "\(first) … \(run[run.count - 1].layer)"
    var parts = [
      "  \(names): \(run.first(where: \.trains)?.verb ?? "frozen")",
      "\(run.reduce(0) { $0 + $1.parameters }.formatted()) parameters",
    ]
    let norms = run.compactMap(\.batchNorm)
    if let norm = norms.first {
      parts.append("\(norms.count) batch normalisation\(norms.count == 1 ? "" : "s"): \(norm.sentence)")
    }
    return parts.joined(separator: ", ")
  }

  private var summary: String {
    let places = frontier.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
    return "frontier: \(places); \(trainable.formatted()) of \(total.formatted()) parameters train"
  }
}

extension LayerPlan {
  /// `trains`, `frozen` or `only bias trains`.
  fileprivate var verb: String {
    batchNorm == nil || trainableRoles != nil
      ? String(words.prefix { $0 != ";" }) : trains ? "trains" : "frozen"
  }
}

extension LayerPlan.BatchNorm {
  var sentence: String { "γ, β \(affineTrains ? "train" : "frozen"); \(words)" }
}

/// Rows under a header, each column as wide as its widest cell.
func columns(_ header: [String], _ rows: [[String]]) -> String {
  let all = [header] + rows
  let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
  return all.map { row in
    zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
      .joined(separator: "  ").replacing(/\s+$/, with: "")
  }.joined(separator: "\n")
}
