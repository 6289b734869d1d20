extension ReportSection {
  /// What trained, in which order, and why.
  static func plan(_ run: RunFolder) -> ReportSection? {
    let stages = run.stages
    guard !stages.isEmpty || run.plan != nil else { return nil }
    let hasMore = stages.contains { !$0.others.isEmpty }
    return ReportSection("plan", "Plan") {
      if !stages.isEmpty {
        table(
          ["Stage", "What trains", "Epochs", "Learning rate"] + (hasMore ? ["Else"] : []), numbers: [0, 2, 3],
          rows: stages.enumerated().map { index, stage in
            [
              Markup.text("\(index + 1)"), element("code", [:], stage.unfreeze),
              .text(stage.epochs.map { "\($0)" } ?? "–"), .text(NumberText.short(stage.learningRate)),
            ] + (hasMore ? [.text(JSONValue.object(Dictionary(uniqueKeysWithValues: stage.others)).line)] : [])
          })
      }
      if !run.reasons.isEmpty {
        element("h3", [:], "Why")
        element("ul") {
          for reason in run.reasons { element("li", [:], reason) }
        }
      }
      if run.stages.count == 1, let layers = run.record["trainable_layers"]?.strings, !layers.isEmpty {
        element("p") {
          "Layers that trained: "
          element(
            "code", [:],
            layers.count > 12 ? layers.prefix(12).joined(separator: ", ") + ", …" : layers.joined(separator: ", "))
          layers.count > 12 ? " (\(layers.count) in all)" : ""
        }
      }
      settings(run)
    }
  }

  /// Everything else that the plan and the configuration say, whatever its names are.
  private static func settings(_ run: RunFolder) -> Markup {
    let shown: Set = ["stages", "reasons"]
    let ofPlan = (run.plan?.members ?? []).filter { !shown.contains($0.key) && $0.value != .null }
    let ofRun = (run.record["configuration"]?.members ?? []).filter { entry in
      entry.value != .null && !ofPlan.contains { $0.key == entry.key }
    }
    let all = ofPlan + ofRun
    if all.isEmpty { return .empty }
    return element("details") {
      element("summary", [:], "All settings")
      facts(all.map { (JSONValue.words($0.key), setting($0.key, $0.value)) })
    }
  }

  private static func setting(_ key: String, _ value: JSONValue) -> String {
    if key.hasSuffix("size") || key.hasSuffix("bytes"), let bytes = value.double, bytes >= 1e6 {
      return NumberText.bytes(bytes)
    }
    return value.line
  }
}
