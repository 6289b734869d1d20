import Foundation

extension DataReport {
  /// The report for people; long lists are cut short, which `--json` does not.
  var text: String {
    var lines = ["\(training) images for training, \(validation) for validation, \(test) for the test"]
    if unlabelled > 0 { lines.append("\(unlabelled) images of which nothing is known") }
    for head in heads { lines += [""] + head.lines }
    if groups > 0 { lines += ["", "\(groups) group\(groups == 1 ? "" : "s")"] }
    if weighted > 0 { lines.append("\(weighted) images with a weight other than 1") }
    if let look { lines += [""] + look.lines }
    return lines.joined(separator: "\n")
  }
}

extension DataReport.Head {
  fileprivate var lines: [String] {
    guard kind != "values" else {
      return values.map { "\($0.name): from \($0.least.short) to \($0.most.short), \($0.mean.short) on average" }
    }
    let width = max((classes.map(\.name.count).max() ?? 0) + 2, 8)
    func row(_ cells: [String]) -> String {
      cells[0].padding(toLength: width, withPad: " ", startingAt: 0)
        + cells.dropFirst().map { String(repeating: " ", count: max(12 - $0.count, 1)) + $0 }.joined()
    }
    // The most frequent are seldom those to worry about.
    let shown = classes.count > 40 ? classes.sorted { $0.training < $1.training }.prefix(20).map { $0 } : classes
    var lines = [row([kind == "labels" ? "label" : "class", "training", "validation", "test", "weight"])]
    lines += shown.map { count in
      row([
        count.name, "\(count.training)", "\(count.validation)", "\(count.test)",
        String(format: "%.3f", count.balancedWeight),
      ])
    }
    if shown.count < classes.count { lines.append("… the 20 rarest of \(classes.count); --json has all") }
    if let imbalance, imbalance >= 1.5 {
      lines.append(
        String(format: "the most frequent has %.1f times as many images for training as the rarest", imbalance)
          + (imbalance >= 3 ? ": think of balanced weights or sampling" : ""))
    }
    let missing = classes.filter { $0.training == 0 }.map(\.name)
    if !missing.isEmpty {
      lines.append(
        "without an image for training: \(missing.prefix(5).joined(separator: ", "))\(missing.count > 5 ? " …" : "")")
    }
    return lines
  }
}

extension DataReport.Look {
  fileprivate var lines: [String] {
    var lines: [String] = []
    if !formats.isEmpty {
      let counts = formats.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
      func words(_ size: [Int]) -> String { size.map(String.init).joined(separator: " × ") }
      lines.append(
        counts.joined(separator: ", ")
          + "; from \(words(smallest)) to \(words(largest)) pixels, \(words(median)) in the middle")
    }
    lines += list(
      "files that cannot be read as images and will be left out",
      unreadable.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
    let leaking = duplicates.filter(\.leaks)
    let contradicting = duplicates.filter(\.contradicts)
    let others = duplicates.filter { !$0.leaks && !$0.contradicts }
    lines += list("pictures on more than one side, which flatters the result", leaking.map(\.line))
    lines += list("pictures of which different things are said", contradicting.map(\.line))
    lines += list("pictures that are there more than once, on one side", others.map(\.line))
    if duplicates.isEmpty { lines.append("no picture is there twice") }
    return lines
  }

  private func list(_ title: String, _ items: [String]) -> [String] {
    guard !items.isEmpty else { return [] }
    let more = items.count > 10 ? ["  … and \(items.count - 10) more; --json has all"] : []
    return ["\(title): \(items.count)"] + items.prefix(10).map { "  " + $0 } + more
  }
}

extension DataReport.Duplicate {
  fileprivate var line: String {
    let shown = images.prefix(4).map { image in
      image.path + " (" + image.side + (contradicts ? ", \(image.targets)" : "") + ")"
    }
    return shown.joined(separator: exact ? " = " : " ≈ ") + (images.count > 4 ? " and \(images.count - 4) more" : "")
  }
}

extension Double {
  fileprivate var short: String { String(format: "%.4g", self) }
}
