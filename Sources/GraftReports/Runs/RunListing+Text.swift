import Foundation

extension RunListing {
  /// A table for a terminal, with a line below for each folder that is no run.
  public var text: String {
    let header = ["run", "started", "backbone", "data", "trained", "epochs", "result", "95 % interval", "time"]
    let rows = runs.map(\.cells)
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
    return
      ((runs.isEmpty ? ["no runs"] : [line(header)] + rows.map(line))
      + others.map { "not a run: \($0.path): \($0.reason)" })
      .joined(separator: "\n")
  }
}

extension RunSummary {
  fileprivate var cells: [String] {
    let figure = zip(metric, value).map { RunOutcome.Figure(key: $0, name: $0, value: $1) }
    let bounds = interval.flatMap { $0.count == 2 ? $0[0]...$0[1] : nil }
    let name = metric.map { JSONValue.words($0.hasPrefix("val_") ? String($0.dropFirst(4)) : $0) }
    return [
      path,
      started.map { String($0.prefix(16)).replacing("T", with: " ") } ?? "–",
      backbone ?? "–",
      data.map { URL(filePath: $0).lastPathComponent } ?? "–",
      trained.isEmpty ? "–" : trained,
      epochs.map { "\($0)" + (wasInterrupted ? " (interrupted)" : "") } ?? "–",
      figure.map { "\(name ?? "") \($0.text)" } ?? "–",
      zip(metric, bounds).flatMap { RunOutcome.Figure(key: $0, name: $0, value: 0, interval: $1).intervalText } ?? "–",
      NumberText.duration(seconds),
    ]
  }
}

/// Both values, where there are both.
func zip<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
  if let first, let second { (first, second) } else { nil }
}
