import Foundation
import Testing

/// `graft lr-find`.
@Suite struct LearningRateCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace(count: 6) }

  private func find(_ options: String...) throws -> GraftProgram.Outcome {
    try GraftProgram.run(
      ["lr-find", "--backbone", "squeezenet-tiny", "--image-size", "48", "--data", "photos", "--disk-cache", "0"]
        + options, in: place.folder)
  }

  private struct Report: Decodable {
    struct Curve: Decodable {
      struct Point: Decodable { let rate, loss, smoothed: Double }
      let points: [Point]
      let ending: String
    }
    struct Advice: Decodable {
      struct Suggestion: Decodable { let rule, reason: String; let rate: Double }
      let suggestions: [Suggestion]
      let doubts: [String]
    }
    let curve: Curve
    let advice: Advice
    let plot: String?
  }

  @Test func `a table, a plot, and JSON with the same numbers`() throws {
    let outcome = try find("--steps", "30", "--batch", "4", "--plot", "curve.svg")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.hasPrefix(" step  rate       loss       smoothed\n    1  1e-07"))
    #expect(outcome.output.contains("--lr ") || outcome.output.contains("no rate can be suggested"))
    let picture = try String(contentsOf: place.folder.appending(path: "curve.svg"), encoding: .utf8)
    #expect(picture.contains("<svg") && picture.contains("learning rate") && picture.contains("</svg>"))
    let report: Report = try find("--steps", "30", "--batch", "4", "--json").decoded()
    #expect(report.curve.points.count >= 3 && report.plot == nil)
    #expect(outcome.output.contains(String(format: "%-9.4g", report.curve.points[0].loss)))
    #expect(place.names.sorted() == ["curve.svg", "photos"])
  }

  @Test func `a plot that cannot be written is refused before any step`() throws {
    let outcome = try find("--plot", "missing/curve.svg")
    #expect(outcome.status == 74 && !outcome.messages.contains("plan:"))
    #expect(try find("--plot", "curve.png").status == 64)
  }

  @Test func `nonsense is refused`() throws {
    #expect(try find("--lowest", "1", "--highest", "0.1").messages.contains("--highest"))
    #expect(try find("--from", "run").status == 64)
  }
}
