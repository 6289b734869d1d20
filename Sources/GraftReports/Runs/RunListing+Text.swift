import Foundation

extension RunListing {
  /// A table for a terminal, with a line below for each folder that is no run.
  public var text: String {
    let table = runs.isEmpty ? ["no runs"] : RunSummary.table(runs)
    return (table + others.map { "not listed: \($0.reason)" }).joined(separator: "\n")
  }
}

extension RunComparison {
  /// For a terminal: the runs, what was done differently, and whether their results differ.
  public var text: String {
    var lines = RunSummary.table(runs)
    if !differences.isEmpty {
      let head = [[""] + runs.map(\.path)]
      lines +=
        [""] + TextTable(rows: head + differences.map { [$0.name] + $0.values.map { Self.short($0 ?? "–") } }).lines
    } else if runs.count > 1 {
      lines += ["", "nothing was done differently"]
    }
    if runs.count > 1 { lines.append("") }
    return
      (lines + pairs.map(\.sentence) + notCompared.map { "not compared: \($0)" }
      + others.map { "not compared: \($0.reason)" }).joined(separator: "\n")
  }

  private static func short(_ text: String) -> String {
    text.count > 48 ? text.prefix(47) + "…" : text
  }
}

extension RunComparison.Pair {
  var sentence: String {
    let probability = pValue < 0.001 ? "p < 0.001" : "p = \(NumberText.fixed(pValue, 3))"
    let verdict =
      isSignificant
      ? "\(onlyFirst > onlySecond ? first : second) is better than chance explains (McNemar, \(probability))"
      : "that is within chance (McNemar, \(probability))"
    return "\(first) and \(second), on the same \(NumberText.counted(sharedImages, "image", "images")): "
      + "\(bothRight) right in both, \(onlyFirst) only in the first, \(onlySecond) only in the second; \(verdict)"
  }
}

extension RunSummary {
  static func table(_ runs: [RunSummary]) -> [String] {
    let head = ["run", "started (UTC)", "backbone", "data", "trained", "epochs", "result", "95 % interval", "time"]
    return TextTable(rows: [head] + runs.map(\.cells)).lines
  }

  private var cells: [String] {
    let name = metric.map { JSONValue.words($0.hasPrefix("val_") ? String($0.dropFirst(4)) : $0) } ?? ""
    let figure = value.map { MetricFigure(column: metric ?? "", $0, interval: interval) }
    return [
      path,
      started.map { String($0.prefix(16)).replacing("T", with: " ") } ?? "–",
      backbone ?? "–",
      data.map { URL(filePath: $0).lastPathComponent } ?? "–",
      trained.isEmpty ? "–" : trained,
      epochs.map { "\($0)" + (wasInterrupted ? " (interrupted)" : "") } ?? "–",
      figure.map { "\(name) \($0.text)" } ?? "–",
      figure?.intervalText ?? "–",
      NumberText.duration(seconds),
    ]
  }
}
