extension ReportSection {
  /// Images that could not be read.
  static func skipped(_ run: RunFolder) -> ReportSection? {
    let skipped = run.skipped
    guard !skipped.isEmpty else { return nil }
    return ReportSection("skipped", "Skipped images") {
      note("\(NumberText.counted(skipped.count, "file was", "files were")) left out.")
      table(
        ["File", "Why"], rows: skipped.prefix(200).map { [element("code", [:], $0.path), .text($0.reason)] },
        isLong: skipped.count > 20)
      if skipped.count > 200 { note("… and \(NumberText.grouped(skipped.count - 200)) more, in run.json.") }
    }
  }
}
