import Foundation
import GraftGraph
import GraftImages
import GraftTraining
import Testing

@testable import GraftReports

@Suite struct RunListingTests {
  /// Three runs and two strangers in one folder.
  private func place() throws -> MadeUpRun {
    let place = try MadeUpRun(name: "a")
    try place.write("history.csv", MadeUpRun.history)
    func record(_ change: (String, String)...) -> String {
      change.reduce(MadeUpRun.record) { $0.replacing($1.0, with: $1.1) }
    }
    try place.write(
      "../b/run.json",
      record(("2026-01-02", "2026-01-03"), ("\"seconds\": 61", "\"seconds\": 5"), ("\"head\"", "\"all\"")))
    try place.write("../b/history.csv", MadeUpRun.history.replacing("0.75,0.01,1", with: "0.25,0.01,1"))
    try place.write("../c/run.json", "{}")
    try place.write("../notes/today.txt", "")
    try place.write("../broken/run.json", "{")
    try place.write("../file.txt", "")
    return place
  }

  private func names(_ order: RunListing.Order) throws -> [String] {
    let place = try place()
    return try RunListing(place.place, order: order).runs.map { URL(filePath: $0.path).lastPathComponent }
  }

  @Test func `runs are sorted, and what is not known comes last`() throws {
    #expect(try names(.name) == ["a", "b", "c"])
    #expect(try names(.date) == ["b", "a", "c"])
    #expect(try names(.metric) == ["a", "b", "c"])
    #expect(try names(.seconds) == ["b", "a", "c"])
  }

  @Test func `what is no run is named with the reason`() throws {
    let place = try place()
    try place.write("../under-way/training.json", "{}")
    let listing = try RunListing(place.place)
    #expect(listing.text.contains("under-way is a training that has not come to its end"))
    #expect(listing.others.map { URL(filePath: $0.path).lastPathComponent } == ["broken", "notes", "under-way"])
    #expect(listing.text.contains("notes is no run directory: it has no run.json."))
    #expect(listing.text.contains("broken/run.json cannot be read as a run's model: it is no JSON"))
  }

  @Test func `a line tells what trained, what came of it, and how sure that is`() throws {
    let place = try place()
    let lines = try RunListing(place.place, order: .name).text.split(separator: "\n")
    #expect(lines[1].contains("2026-01-02 03:04"))
    #expect(lines[1].contains("head"))
    #expect(lines[1].contains("accuracy 75.0 %  30.1 % to 95.4 %  1 min 01 s"))
  }

  @Test func `two runs are compared by their settings and on the images that both have`() throws {
    let (one, other) = (try MadeUpRun.whole(), try MadeUpRun.whole())
    try other.write("run.json", MadeUpRun.record.replacing("18446744073709551615", with: "7"))
    // The other has c right and a wrong, and an image that the first never saw.
    var rows = MadeUpRun.predictions.rows
    rows[0] = .init(path: rows[0].path, targets: rows[0].targets, outputs: [[0.1, 0.9]])
    rows[2] = .init(path: rows[2].path, targets: rows[2].targets, outputs: [[0.1, 0.9]])
    rows.append(.init(path: "new.jpg", targets: [.oneClass(0)], outputs: [[1, 0]]))
    try ValidationPredictions(tasks: MadeUpRun.predictions.tasks, rows: rows)
      .write(to: other.url.appending(path: "predictions.csv"))
    let comparison = RunComparison([try one.folder(), try other.folder()])
    #expect(comparison.differences == [.init(name: "seed", values: ["18446744073709551615", "7"])])
    let pair = try #require(comparison.pairs.first)
    #expect(pair.sharedImages == 4 && pair.bothRight == 2 && pair.onlyFirst == 1 && pair.onlySecond == 1)
    #expect(pair.pValue == 1 && !pair.isSignificant)
    #expect(comparison.text.contains("that is within chance (McNemar, p = 1.000)"))
  }

  @Test func `runs without common images are not compared, and it is said why`() throws {
    let (one, other, silent) = (try MadeUpRun.whole(), try MadeUpRun.whole(), try MadeUpRun())
    let row = ValidationPredictions.Row(path: "new.jpg", targets: [.oneClass(0)], outputs: [[1, 0]])
    try ValidationPredictions(tasks: MadeUpRun.predictions.tasks, rows: [row])
      .write(to: other.url.appending(path: "predictions.csv"))
    let comparison = RunComparison([try one.folder(), try other.folder(), try silent.folder()])
    #expect(comparison.pairs == [])
    #expect(comparison.notCompared[0].hasSuffix("they have no validation image in common"))
    #expect(comparison.notCompared[1].hasSuffix("has no predictions.csv of a classification"))
  }
}
