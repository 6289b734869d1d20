import Foundation
import Testing

/// Trainings by more than a selector and a rate.
@Suite struct PlannedTrainingTests {
  private let place: Workplace

  init() throws { place = try Workplace(count: 12) }

  private func history(_ run: String) throws -> [[String]] {
    let text = try String(contentsOf: place.folder.appending(path: "\(run)/history.csv"), encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map(String.init) }
  }

  @Test func `a run's plan can be followed again, to the same bytes`() throws {
    let options = [
      "--stages", "head 2 > last:1 1 lr/10", "--schedule", "cosine", "--optimizer", "adamw:beta2=0.99", "--lr", "0.01",
      "--batch-norm", "affine",
    ]
    let first = try GraftProgram.run(
      place.finetuning + ["--disk-cache", "0", "--out", "first"] + options, in: place.folder)
    #expect(first.status == 0, "\(first.messages)")
    #expect(try history("first").map { $0[1] } == ["1", "1", "2"])
    for file in ["plan.json", "predictions.csv", "report.html"] { #expect(place.exists("first/\(file)")) }
    let report = try String(contentsOf: place.folder.appending(path: "first/report.html"), encoding: .utf8)
    #expect(report.contains("Most memory"))
    let second = try place.finetune("--plan", "first/plan.json", "--out", "second")
    #expect(second.status == 0, "\(second.messages)")
    func bytes(_ path: String) throws -> Data { try Data(contentsOf: place.folder.appending(path: path)) }
    #expect(try bytes("first/model.safetensors") == bytes("second/model.safetensors"))
    #expect(try bytes("first/plan.json") == bytes("second/plan.json"))
    let both = try place.finetune("--plan", "first/plan.json", "--unfreeze", "all", "--out", "third")
    #expect(both.status == 64 && !place.exists("third"))
    try place.write("no-plan.json", "{}")
    #expect(try place.finetune("--plan", "no-plan.json", "--out", "third").status == 65)
    #expect(try place.finetune("--plan", "missing.json", "--out", "third").status == 66)
  }

  @Test func `a head is solved, and a run of it predicts`() throws {
    let outcome = try place.finetune("--solver", "lbfgs", "--out", "run")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try history("run").count == 1)
    #expect(outcome.messages.contains("plan: head by lbfgs\n"))
    #expect(try place.graft("predict", "run", "photos/red/0.bmp").output.hasPrefix("photos/red/0.bmp: red"))
    #expect(try place.finetune("--solver", "newton", "--out", "x").status == 64)
    #expect(try place.finetune("--solver", "lbfgs", "--hidden", "8", "--out", "x").status == 64)
  }

  @Test func `a plan is found out, within a budget`() throws {
    let outcome = try place.finetune("--plan", "auto", "--budget", "20s", "--epochs", "2", "--out", "run")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("  because "))
    let plan =
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: place.folder.appending(path: "run/plan.json"))) as? [String: Any]
    #expect((plan?["reasons"] as? [String])?.isEmpty == false)
    #expect(try place.finetune("--budget", "20s", "--out", "x").status == 64)
  }

  @Test func `tables give several heads, labels and values`() throws {
    var rows = ["path,kind,size,price,tags"]
    for number in 0..<12 {
      rows.append("photos/blue/\(number).bmp,blue,\(number % 2 == 0 ? "big" : "small"),\(number),cold")
      rows.append("photos/red/\(number).bmp,red,\(number % 2 == 0 ? "big" : "small"),\(20 + number),warm|bright")
    }
    try place.write("table.csv", rows.joined(separator: "\n") + "\n")
    for (out, options) in [
      ("heads", ["--label-column", "kind", "--label-column", "size"]), ("labels", ["--labels-column", "tags"]),
      ("values", ["--value-column", "price", "--solver", "lbfgs"]),
    ] {
      let outcome = try GraftProgram.run(
        ["finetune", "--backbone", "squeezenet-tiny", "--weights", "random", "--image-size", "48", "--disk-cache", "0"]
          + ["--data", "table.csv", "--epochs", "2", "--out", out] + options, in: place.folder)
      #expect(outcome.status == 0, "\(out): \(outcome.messages)")
      #expect(place.exists("\(out)/report.html"))
      #expect(outcome.messages.contains("head: standardizes its ") == (out == "values"))
      #expect(try place.graft("predict", out, "photos/red/0.bmp").status == 0)
    }
    let record = try String(contentsOf: place.folder.appending(path: "values/run.json"), encoding: .utf8)
    #expect(record.contains("\"features_measured_on\" : "))
    #expect(
      try !String(contentsOf: place.folder.appending(path: "heads/run.json"), encoding: .utf8).contains("measured_on"))
    let predicted = try place.graft("predict", "heads", "photos/red/0.bmp", "--json").json()
    let image = (predicted["images"] as? [[String: Any]])?.first
    #expect((image?["others"] as? [[Any]])?.count == 1)
    let evaluated = try place.graft("evaluate", "values", "--data", "table.csv", "--value-column", "price")
    #expect(evaluated.status == 0 && evaluated.output.contains("R²"), "\(evaluated.messages)")
    let other = try place.graft("evaluate", "values", "--data", "table.csv", "--label-column", "kind")
    #expect(other.status == 64)
  }
}
