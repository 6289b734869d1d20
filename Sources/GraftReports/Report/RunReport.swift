import Foundation
import GraftFormats
import GraftGraph
import GraftTraining

/// A run as one page to read: `report.html`, which needs neither network nor program.
///
/// It is made of the run directory alone, and of the photographs where they can still be found. The same directory gives
/// the same bytes.
public struct RunReport: Sendable {
  public static let fileName = "report.html"
  /// Of a head's mistakes, how many are shown.
  public static let mostPictures = 18

  /// The page.
  public let html: String
  /// What the directory lacks, and so the report.
  public let gaps: [RunFolder.Gap]

  /// - Parameter photographs: the folder that paths in the run are below, where the run's own record is no longer true.
  public init(_ run: RunFolder, photographs: URL? = nil) {
    let read = run.predictions()
    var gaps = run.gaps
    if case .failure(let gap) = read { gaps.append(gap.gap) }
    let predictions = try? read.get()
    let maps = run.mistakeMaps()
    let thumbnails = Thumbnails(run: run, view: maps?.view, photographs: photographs)
    var sections: [ReportSection?] = [.plan(run), .curves(run)]
    for task in predictions?.tasks.indices ?? 0..<0 {
      guard let predictions else { continue }
      let own = Self.sections(predictions, task: task, thumbnails, maps)
      sections += predictions.tasks.count > 1 ? own.map { $0?.ofHead(task + 1) } : own
    }
    sections += [.cost(run), .skipped(run), .repetition(run)]
    let headline = RunHeadline(run, predictions: predictions)
    let known = sections.compactMap { $0 }
    self.gaps = gaps
    html = "<!doctype html>\n" + Self.page(headline, known, gaps).source + "\n"
  }

  /// Writes the page whole or not at all.
  ///
  /// - Throws: `FormatError.writeFailed`.
  public func write(to url: URL) throws {
    try AtomicFile.write(to: url) { try $0.write(html.utf8) }
  }

  private static func sections(
    _ predictions: ValidationPredictions, task: Int, _ thumbnails: Thumbnails, _ maps: MistakeMaps?
  ) -> [ReportSection?] {
    switch predictions.tasks[task] {
    case .classification:
      guard let figures = ClassificationFigures(predictions, task: task) else { return [] }
      return [
        .confusion(figures), .classes(figures), .calibration(figures),
        .mistakes(figures, thumbnails, maps?.byPath(task: task) ?? [:]),
      ]
    case .multiLabel:
      guard let figures = LabelFigures(predictions, task: task) else { return [] }
      return [.labels(figures), .worst(figures, thumbnails)]
    case .regression:
      guard let figures = RegressionFigures(predictions, task: task) else { return [] }
      return [.values(figures), .worst(figures, thumbnails)]
    }
  }

  private static func page(_ headline: RunHeadline, _ sections: [ReportSection], _ gaps: [RunFolder.Gap]) -> Markup {
    element("html", ["lang": "en"]) {
      element("head") {
        element("meta", ["charset": "utf-8"])
        element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        // Nothing is ever fetched, whatever a run directory holds.
        element(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
          ])
        element("title", [:], headline.title)
        element("style") {
          Markup.own(PlotStyle.colours)
          Markup.own(PlotStyle.inPage)
          Markup.own(Stylesheet.page)
        }
      }
      element("body") {
        headline.markup
        element("nav") {
          for section in sections { element("a", ["href": "#" + section.id], section.title) }
        }
        for section in sections { section.markup }
        if !gaps.isEmpty {
          element("section", ["id": "gaps"]) {
            element("h2", [:], "What this run does not tell")
            element("ul") {
              for gap in gaps {
                element("li") {
                  element("code", [:], gap.file)
                  " \(gap.reason)."
                }
              }
            }
          }
        }
        element("script") { Markup.own(Stylesheet.sorting) }
      }
    }
  }
}
