import Foundation
import GraftGraph
import GraftImages
import GraftTraining
import Testing

@testable import GraftReports

@Suite struct RunReportTests {
  @Test func `a whole run has every section, and says its result with an interval`() throws {
    let run = try MadeUpRun.whole()
    let report = RunReport(try run.folder())
    #expect(report.gaps == [])
    for id in ["plan", "curves", "confusion", "classes", "calibration", "mistakes", "cost", "skipped", "repeat"] {
      #expect(report.html.contains("<section id=\"\(id)\">"), "\(id)")
    }
    // Wilson's interval of 3 in 4.
    let sentence =
      "3 of 4 validation images are classified rightly in epoch 2 of 3: accuracy 75.0\u{a0}% (95\u{a0}% interval: "
      + "30.1\u{a0}% to 95.4\u{a0}%)."
    #expect(report.html.contains(sentence))
    // Of accuracy by Wilson's formula, of others by the bootstrap: four images tell little.
    #expect(report.html.contains("<dd class=\"interval\">30.1\u{a0}% to 95.4\u{a0}%</dd>"))
    #expect(report.html.components(separatedBy: "<dd class=\"interval\">").count >= 5)
    #expect(report.html.contains("graft finetune --data 'my '\\''photos'\\'''<"))
    #expect(report.html.contains("18446744073709551615"))
  }

  @Test func `nothing in a run becomes markup`() throws {
    let run = try MadeUpRun.whole()
    let html = RunReport(try run.folder()).html
    #expect(html.contains("&lt;b&gt;&amp;&quot;"))
    #expect(!html.contains("<b>&amp;") && !html.contains("<i>"))
    #expect(html.contains("Few photographs &lt;/script&gt;"))
    #expect(html.components(separatedBy: "<script").count == 2)
  }

  @Test func `nothing is fetched`() throws {
    let html = RunReport(try MadeUpRun.whole().folder()).html
    #expect(
      !html.contains("http:") && !html.contains("https:") && !html.contains("src=\"//") && !html.contains("@import"))
    #expect(html.contains("default-src 'none'"))
  }

  @Test func `the same directory gives the same bytes`() throws {
    let run = try MadeUpRun.whole()
    let report = RunReport(try run.folder())
    let file = run.url.appending(path: RunReport.fileName)
    try report.write(to: file)
    #expect(try String(contentsOf: file, encoding: .utf8) == report.html)
    #expect(try RunReport(run.folder()).html == report.html)
  }

  @Test func `an empty record is a report, too, and says what is missing`() throws {
    let run = try MadeUpRun(record: "{}")
    let report = RunReport(try run.folder())
    #expect(report.gaps.map(\.file) == ["history.csv", "plan.json", "predictions.csv"])
    #expect(report.html.contains("What this run does not tell"))
  }

  @Test func `an old run is told from its record and its history alone`() throws {
    let run = try MadeUpRun()
    try run.write("history.csv", MadeUpRun.history)
    let report = RunReport(try run.folder())
    #expect(report.gaps.map(\.file) == ["plan.json", "predictions.csv"])
    let result = "Accuracy on the validation images in epoch 2 of 3: 75.0\u{a0}% (95\u{a0}% interval: 30.1"
    #expect(report.html.contains(result))
    #expect(!report.html.contains("<section id=\"confusion\">"))
    #expect(report.html.contains("<section id=\"plan\">"))
  }

  @Test func `files and keys that make no sense cost only what they would tell`() throws {
    let run = try MadeUpRun(
      record: """
        {"started": "yesterday", "command": [], "skipped": [], "source": 5, "saved_epoch": 1e300, "seconds": -1,
         "history": [{"epoch": 1, "loss": 1e300}, 7], "configuration": [], "machine": "none"}
        """)
    try run.write("history.csv", "epoch,loss\n1\n")
    try run.write("plan.json", "[1, 2]")
    try run.write("predictions.csv", "path,label\n")
    let report = RunReport(try run.folder())
    #expect(
      report.gaps.map { "\($0.file) \($0.reason)" } == [
        "history.csv makes no sense: row 1 has 1 cells, and the header 2",
        "predictions.csv makes no sense: the column “label” has no place",
      ])
  }

  @Test func `what is no run is refused`() throws {
    let run = try MadeUpRun(record: "[]")
    #expect(throws: TrainingError.unreadableRun(path: "\(run.url.path)/run.json", reason: "it is no JSON object")) {
      _ = try run.folder()
    }
    #expect(throws: TrainingError.notARun(path: run.place.path, missing: "run.json")) { _ = try RunFolder(run.place) }
  }

  @Test func `several heads have sections of their own`() throws {
    let run = try MadeUpRun.whole(
      predictions: ValidationPredictions(
        tasks: [.multiLabel(labels: ["red", "round"]), .regression(values: ["size"])],
        rows: [
          .init(path: "a", targets: [.labels([0]), .values([2])], outputs: [[0.9, 0.2], [2.5]]),
          .init(path: "b", targets: [.labels([]), .values([4])], outputs: [[0.8, 0.1], [4]]),
        ]))
    let html = RunReport(try run.folder()).html
    for id in ["labels-1", "mistakes-1", "values-2", "errors-2"] {
      #expect(html.contains("<section id=\"\(id)\">"), "\(id)")
    }
    #expect(html.contains("1 label is wrong."))
    #expect(html.contains("of all images, 50.0\u{a0}%"))
  }

  @Test func `photographs that are there are shown small, wherever they are now`() throws {
    let run = try MadeUpRun.whole()
    let photographs = run.place.appending(path: "moved")
    let file = photographs.appending(path: "val/1/c.jpg")
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let pixels = [UInt8](repeating: 200, count: 400 * 100 * 3)
    try RGBImage(width: 400, height: 100, pixels: pixels).writePNG(to: file)
    #expect(RunReport(try run.folder()).html.contains("--photographs says where they are now"))
    let html = RunReport(try run.folder(), photographs: photographs).html
    let address = try #require(html.firstMatch(of: /data:image\/jpeg;base64,([A-Za-z0-9+\/=]+)/))
    let image = try ImageDecoder.decode(#require(Data(base64Encoded: String(address.1))))
    #expect(image.width == Thumbnails.side && image.height == Thumbnails.side / 4)
    #expect(!html.contains("--photographs"))
  }

  @Test func `where it is known what counted, mistakes are shown with it and without`() throws {
    let run = try MadeUpRun.whole()
    let file = run.place.appending(path: "photos/val/1/c.jpg")
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try RGBImage(width: 40, height: 40, pixels: [UInt8](repeating: 200, count: 4800)).writePNG(to: file)
    let plain = RunReport(try run.folder()).html
    #expect(!plain.contains("<input"))
    let images = /<img class="([a-z]+)" src="data:image\/jpeg;base64,([A-Za-z0-9+\/=]+)"/
    #expect(plain.matches(of: images).isEmpty)
    try run.write(
      MistakeMaps.fileName,
      """
      {"layer": "conv", "view": {"width": 8, "height": 8, "resize": "squash"}, "maps": [
        {"path": "val/1/c.jpg", "task": 0, "predicted": "dogs", "map": {"rows": 1, "columns": 2, "values": [0, 1]}}]}
      """)
    let html = RunReport(try run.folder()).html
    #expect(html.contains("<input type=\"checkbox\"") && html.contains("Grad-CAM"))
    let shown = html.matches(of: images)
    #expect(shown.map(\.1) == ["plain", "veiled"])
    let veiled = try ImageDecoder.decode(#require(Data(base64Encoded: String(shown[1].2))))
    let (left, right) = (veiled[1, 20], veiled[38, 20])
    #expect(abs(Int(left.red) - 200) < 12 && abs(Int(left.blue) - 200) < 12)
    #expect(right.red > 215 && right.blue < 100)
    try run.write(MistakeMaps.fileName, "{}")
    #expect(RunReport(try run.folder()).html == plain)
  }

  @Test func `two heads with labels stay two, where the model says so`() throws {
    let tasks: [PredictionTask] = [.multiLabel(labels: ["red", "round"]), .multiLabel(labels: ["old"])]
    let run = try MadeUpRun.whole(
      predictions: ValidationPredictions(
        tasks: tasks, rows: [.init(path: "a", targets: [.labels([0]), .labels([])], outputs: [[0.9, 0.2], [0.8]])]))
    #expect(!RunReport(try run.folder()).html.contains("<section id=\"labels-2\">"))
    let json = try String(decoding: JSONEncoder().encode(tasks), as: UTF8.self)
    try run.write("model.json", #"{"classes": ["red", "round"], "tasks": \#(json)}"#)
    let html = RunReport(try run.folder()).html
    for id in ["labels-1", "labels-2"] { #expect(html.contains("<section id=\"\(id)\">"), "\(id)") }
  }
}
