import GraftTraining

extension ReportSection {
  /// Losses, metrics and learning rate over the epochs.
  static func curves(_ run: RunFolder) -> ReportSection? {
    guard let history = run.history, history.count > 0 else { return nil }
    let plots = LearningCurves(run, history).plots
    guard !plots.isEmpty else { return nil }
    return ReportSection("curves", "Curves") {
      element("div", ["class": "plots"]) {
        for plot in plots { figure(plot.caption, plot.plot.markup) }
      }
      element("details") {
        element("summary", [:], "The numbers of every epoch")
        table(
          history.columns.map(JSONValue.words), numbers: Set(history.columns.indices),
          rows: (0..<history.count).map { row in
            history.columns.map { column in
              let text = history.texts(column)?[row] ?? ""
              return .text(Int(text) != nil ? text : Double(text).map { NumberText.short($0) } ?? text)
            }
          }, isLong: history.count > 30)
      }
    }
  }
}

/// A history as plots: one for each number that training and validation have in common, one for what only one of them has.
struct LearningCurves {
  private let run: RunFolder
  private let history: RunHistory
  private let epochs: [Double]

  /// Columns that are no metric, or have a plot of their own.
  private static let others: Set = ["epoch", "stage", "seconds", "learning_rate", "step", "steps"]

  init(_ run: RunFolder, _ history: RunHistory) {
    self.run = run
    self.history = history
    epochs = history.epochs.map(Double.init)
  }

  var plots: [(plot: LinePlot, caption: String)] {
    let metrics = history.columns.filter { !Self.others.contains($0) && numbers($0) != nil }
    // `loss` and `val_loss` share a plot under the bare name, in the order of their first appearance.
    var names: [String] = []
    for name in metrics.map({ $0.hasPrefix("val_") ? String($0.dropFirst(4)) : $0 }) where !names.contains(name) {
      names.append(name)
    }
    var plots = names.compactMap { name in
      plot(name, columns: [name, "val_" + name], titles: ["training", "validation"])
    }
    if let rate = plot("learning_rate", columns: ["learning_rate"], titles: ["learning rate"]) { plots.append(rate) }
    return plots
  }

  private func plot(_ name: String, columns: [String], titles: [String]) -> (plot: LinePlot, caption: String)? {
    let series = zip(columns, titles).enumerated().compactMap { index, pair -> LinePlot.Series? in
      guard let numbers = numbers(pair.0) else { return nil }
      let points = zip(epochs, numbers).map { (x: $0, y: $1 ?? .nan) }
      return LinePlot.Series(pair.1, points: points, style: .marked, colour: index)
    }
    guard !series.isEmpty else { return nil }
    let rates = name == "learning_rate" ? (numbers(name) ?? []).compactMap { $0 }.filter { $0 > 0 } : []
    let isWide = (rates.max() ?? 1) / (rates.min() ?? 1) > 20
    let title = JSONValue.title(name)
    let plot = LinePlot(
      title, xAxis: PlotAxis("epoch", scale: .wholeNumbers),
      yAxis: PlotAxis(JSONValue.words(name), scale: isWide ? .logarithmic : .linear), series: series, marks: marks)
    // A legend would say so, but there is none for one curve.
    return (plot, series.count == 1 && columns.count > 1 ? "\(title), \(series[0].name) only" : title)
  }

  private var marks: [LinePlot.Mark] {
    // A stage begins between two epochs.
    let stages = run.stageBeginnings.map { LinePlot.Mark(x: Double($0.epoch) - 0.5, label: $0.name) }
    return stages + (run.savedRow.map { [LinePlot.Mark(x: epochs[$0], label: "saved")] } ?? [])
  }

  /// nil where the column is missing or has no number at all.
  private func numbers(_ column: String) -> [Double?]? {
    guard let numbers = history.numbers(column), numbers.contains(where: { $0 != nil }) else { return nil }
    return numbers
  }
}
