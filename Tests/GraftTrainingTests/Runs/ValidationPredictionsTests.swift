import Foundation
import GraftFormats
import GraftGraph
import GraftImages
import Testing

@testable import GraftTraining

@Suite struct ValidationPredictionsTests {
  private let url = FileManager.default.temporaryDirectory.appending(path: "predictions-\(UUID().uuidString).csv")

  /// Numbers that no shorter text than their own reads back.
  private let awkward: [Float] = [0.1, 1 / 3, .leastNonzeroMagnitude, 0.99999994, .greatestFiniteMagnitude, 0]

  private func columns(_ predictions: ValidationPredictions) -> [String] { predictions.table.columns }

  @Test func `a classification reads back exactly, whatever its classes are called`() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let classes = ["a,b", "<b>&\"", "label", "p:x", "predicted", "zwei\nZeilen"]
    let predictions = ValidationPredictions(
      tasks: [.classification(classes: classes)],
      rows: [
        .init(path: "val/a, \"b\"/1.jpg", targets: [.oneClass(0)], outputs: [awkward]),
        .init(path: "2.jpg", targets: [nil], outputs: [awkward.reversed()]),
      ])
    try predictions.write(to: url)
    #expect(try ValidationPredictions(contentsOf: url) == predictions)
    #expect(columns(predictions).prefix(3) == ["path", "label", "predicted"])
    #expect(predictions.table.rows.map { $0[2] } == ["predicted", "<b>&\""])
  }

  @Test func `several heads lie beside each other`() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let predictions = ValidationPredictions(
      tasks: [
        .multiLabel(labels: ["red", "round"]), .classification(classes: ["cat", "dog"]),
        .regression(values: ["height", "width"]),
      ],
      rows: [
        .init(
          path: "1", targets: [.labels([1]), .oneClass(1), .values([1.5, -2])],
          outputs: [[0.25, 0.75], [0.5, 0.5], [1, 1e-30]]),
        .init(path: "2", targets: [nil, nil, nil], outputs: [[0, 1], [1, 0], [.infinity, -0.1]]),
      ])
    try predictions.write(to: url)
    #expect(
      columns(predictions) == [
        "path", "label:red", "p:red", "label:round", "p:round", "label", "predicted", "p:cat", "p:dog", "value:height",
        "predicted:height", "value:width", "predicted:width",
      ])
    #expect(predictions.table.rows[0].prefix(5) == ["1", "0", "0.25", "1", "0.75"])
    #expect(try ValidationPredictions(contentsOf: url) == predictions)
  }

  @Test func `what is no such table is refused with its place`() {
    func said(_ columns: [String], _ rows: [[String]] = []) -> String {
      do {
        _ = try ValidationPredictions(CommaSeparatedTable(columns: columns, rows: rows), path: "p.csv")
        return "nothing"
      } catch {
        return "\(error)".components(separatedBy: ": ").dropFirst().joined(separator: ": ")
          .components(separatedBy: ". Download").first ?? ""
      }
    }
    let classification = ["path", "label", "predicted", "p:a", "p:b"]
    #expect(said(["file"]) == "its first column is not “path”")
    #expect(said(["path"]) == "it has no column beside the paths")
    #expect(said(["path", "label", "predicted", "p:a", "note"]) == "the column “note” has no place")
    #expect(said(["path", "label", "predicted"]) == "the column “label” has no place")
    #expect(said(["path", "label:a", "p:b"]) == "the column “label:a” has no place")
    #expect(said(classification, [["1", "c", "a", "1", "0"]]) == "row 1 has “c”, which is none of the classes")
    #expect(said(classification, [["1", "a", "a", "much", "0"]]) == "row 1 has “much”, which is no number")
    #expect(
      said(["path", "label:a", "p:a"], [["1", "1", "1"], ["2", "yes", "0"]])
        == "row 2 has “yes”, which is neither 0 nor 1")
  }
}
