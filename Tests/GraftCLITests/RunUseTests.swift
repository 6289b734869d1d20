import Foundation
import Testing

/// What is done with a finished run: predict and evaluate.
@Suite struct RunUseTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 3)
    let trained = try place.finetune("--epochs", "1", "--out", "run")
    try #require(trained.status == 0)
  }

  @Test func `predict names the classes of each photograph, in the order given`() throws {
    let text = try place.graft("predict", "run", "photos/red/1.bmp", "photos/blue/0.bmp")
    #expect(text.status == 0)
    let lines = text.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].wholeMatch(of: /photos\/red\/1\.bmp: (blue|red) 0\.\d{3}, (blue|red) 0\.\d{3}/) != nil)
    #expect(lines[1].hasPrefix("photos/blue/0.bmp: "))
  }

  private struct PredictReport: Decodable {
    struct Guess: Decodable {
      let label: String
      let probability: Double
    }
    struct Photograph: Decodable {
      let image: String
      let predictions: [Guess]
    }
    let images: [Photograph]
    let skipped: [String: String]
  }

  @Test func `predict as JSON, with as many classes as asked for`() throws {
    try place.write("Note.jpg", "no picture")
    let outcome = try place.graft("predict", "run", "photos/red/1.bmp", "Note.jpg", "--top", "2", "--json")
    let report: PredictReport = try outcome.decoded()
    #expect(report.images.map(\.image) == ["photos/red/1.bmp"])
    let guesses = report.images[0].predictions
    #expect(Set(guesses.map(\.label)) == Set(Workplace.classes))
    #expect(abs(guesses.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
    #expect(guesses[0].probability >= guesses[1].probability)
    #expect(report.skipped == ["Note.jpg": "text, not an image: remove the file, or put the image in its place"])
    #expect(
      outcome.messages == "skipped Note.jpg: text, not an image: remove the file, or put the image in its place\n")
    let one: PredictReport = try place.graft("predict", "run", "photos/red/1.bmp", "--top", "1", "--json").decoded()
    #expect(one.images[0].predictions.count == 1)
  }

  @Test func `predict refuses what it cannot use, in one JSON object`() throws {
    try place.write("note.jpg", "no picture")
    let cases: [(arguments: [String], status: Int, message: String)] = [
      (["run", "gone.jpg"], 66, "There is no file at gone.jpg. Check the path."),
      (
        ["photos", "photos/red/1.bmp"], 66,
        "photos is no run directory: it has no model.json. Name the folder that `graft finetune` has written"
      ),
      (
        ["run", "photos/red/1.bmp", "note.jpg", "--strict"], 65,
        "note.jpg: text, not an image: remove the file, or put the image in its place"
      ),
      (["run", "photos/red/1.bmp", "--top", "0"], 64, "--top is 0; expected at least 1"),
    ]
    for (arguments, status, message) in cases {
      let outcome = try GraftProgram.run(["predict", "--json"] + arguments, in: place.folder)
      #expect(Int(outcome.status) == status)
      let object = try outcome.json()
      #expect(object["error"] as? String == message)
      #expect(object["exit_code"] as? Int == status)
    }
    let none = try place.graft("predict", "run", "note.jpg", "--json")
    #expect(none.status == 65)
    #expect(try none.json().keys.sorted() == ["error", "exit_code"])
  }

  @Test func `a damaged model is refused by its name`() throws {
    try place.write("run/model.json", "{}")
    let outcome = try place.graft("predict", "run", "photos/red/1.bmp")
    #expect(outcome.status == 65)
    #expect(outcome.messages.hasPrefix("error: run/model.json cannot be read as a run's model: "))
  }

  @Test func `evaluate counts what the model says of each class`() throws {
    let outcome = try place.graft("evaluate", "run", "--data", "photos", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let json = try outcome.json()
    #expect(json["images"] as? Int == 6 && json["images_skipped"] as? Int == 0)
    #expect(json["classes"] as? [String] == Workplace.classes)
    let matrix = try #require(json["confusion_matrix"] as? [[Int]])
    #expect(matrix.map { $0.reduce(0, +) } == [3, 3])
    #expect(json["accuracy"] as? Double == Double(matrix[0][0] + matrix[1][1]) / 6)
    #expect(json["loss"] as? Double != nil)
    let text = try place.graft("evaluate", "run", "--data", "photos").output
    #expect(text.hasPrefix("accuracy ") && text.contains("confusion (row: is, column: said)\nblue  "))
  }

  @Test func `evaluate takes the val folder where there is one`() throws {
    for name in Workplace.classes {
      let photograph = try Data(contentsOf: place.folder.appending(path: "photos/\(name)/0.bmp"))
      try place.write("divided/train/\(name)/0.bmp", photograph)
      try place.write("divided/val/\(name)/0.bmp", photograph)
    }
    #expect(try place.graft("evaluate", "run", "--data", "divided", "--json").json()["images"] as? Int == 2)
  }

  @Test func `evaluate refuses classes that the model does not know`() throws {
    try FileManager.default.moveItem(
      at: place.folder.appending(path: "photos/red"), to: place.folder.appending(path: "photos/reds"))
    let outcome = try place.graft("evaluate", "run", "--data", "photos")
    #expect(outcome.status == 65)
    #expect(
      outcome.lastMessage == "error: The subfolder “reds” of \(place.path("photos")) is none of the known classes "
        + "(“blue”, “red”). Did you mean “red”?")
  }
}
