import Foundation
import GraftFormats
import GraftTensors
import Testing

@Suite struct FeaturesCommandTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 3)
    try place.writeWeights()
  }

  private func features(_ options: String...) throws -> GraftProgram.Outcome {
    try GraftProgram.run(
      ["features", "--backbone", "squeezenet-tiny", "--weights", "tiny.safetensors", "--image-size", "48"] + options,
      in: place.folder)
  }

  private func table(_ name: String) throws -> Tensor {
    try NumPyFile.read(contentsOf: place.folder.appending(path: name))
  }

  @Test(.enabled(if: SharedFiles.mobileNet != nil, "needs the MobileNet file beside the checkout"))
  func `a layer of the file's own classifier gives its outputs`() throws {
    let outcome = try GraftProgram.run(
      "features", "--backbone", "mobilenet-0.25", "--weights", try #require(SharedFiles.mobileNet).path, "--layer",
      "predictions", "--data", "photos", "--out", "p.npy", in: place.folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let probabilities = try table("p.npy")
    #expect(probabilities.shape == [6, 1000])
    let sums = (0..<6).map { probabilities[rows: $0..<$0 + 1].floats.reduce(0, +) }
    #expect(!sums.contains { abs($0 - 1) > 1e-4 })
  }

  @Test func `a row for each photograph, and which it is of`() throws {
    let outcome = try features("--data", "photos", "--out", "f.npy", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let json = try outcome.json()
    #expect(json["images"] as? Int == 6 && json["images_skipped"] as? Int == 0)
    #expect(json["shape"] as? [Int] == [6, 256])
    #expect(json["features"] as? String == "f.npy" && json["index"] as? String == "f.csv")
    let index = try String(contentsOf: place.folder.appending(path: "f.csv"), encoding: .utf8).split(separator: "\n")
    #expect(index.first == "row,path,class" && index.count == 7)
    let rows = try table("f.npy")
    #expect(rows.shape == [6, 256])
    for (row, line) in index.dropFirst().enumerated() {
      let cells = line.split(separator: ",").map(String.init)
      #expect(cells[0] == "\(row)" && cells[1].hasPrefix(cells[2] + "/"))
      try? FileManager.default.removeItem(at: place.folder.appending(path: "alone"))
      try place.write(
        "alone/1.bmp", Data(contentsOf: place.folder.appending(path: "photos").appending(path: cells[1])))
      #expect(try features("--data", "alone", "--out", "alone.npy").status == 0)
      #expect(try table("alone.npy").floats == rows[rows: row..<row + 1].floats, "\(line)")
    }
  }

  @Test(arguments: [("avg", [6, 64]), ("max", [6, 64]), ("flatten", [6, 7744]), ("none", [6, 11, 11, 64])])
  func `a layer in the middle, pooled as told`(pool: String, shape: [Int]) throws {
    let outcome = try features("--data", "photos", "--layer", "fire2/concat", "--pool", pool, "--out", "f.npy")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try table("f.npy").shape.dimensions == shape)
    #expect(outcome.messages.contains("\(Shape(shape)) float32 in f.npy\n"))
  }

  @Test func `an unknown layer`() throws {
    let outcome = try features("--data", "photos", "--layer", "fire2/concatt", "--out", "f.npy")
    #expect(outcome.status == 64)
    #expect(outcome.lastMessage.hasPrefix("error: there is no layer “fire2/concatt”; did you mean “fire2/concat”"))
  }

  @Test func `an unreadable photograph is skipped and named, or ends a strict extraction without a file`() throws {
    try place.write("photos/blue/note.jpg", "no picture")
    let words = "blue/note.jpg: text, not an image: remove the file, or put the image in its place"
    let strict = try features("--data", "photos", "--out", "f.npy", "--strict")
    #expect(strict.status == 65 && strict.lastMessage == "error: " + words)
    #expect(place.names == ["photos", "tiny.safetensors"])
    let lenient = try features("--data", "photos", "--out", "f.npy")
    #expect(lenient.status == 0 && lenient.messages.contains("skipped \(words)\n"))
    #expect(try table("f.npy").shape == [6, 256])
  }

  @Test func `a table that cannot be written`() throws {
    try place.write("file", "x")
    let below = try features("--data", "photos", "--out", "file/f.npy")
    #expect(below.status == 74)
    #expect(below.lastMessage == "error: \(place.path("file/f.npy")) cannot be written: Not a directory.")
    let missing = try features("--data", "photos", "--out", "gone/f.npy")
    #expect(missing.status == 74)
    #expect(missing.lastMessage == "error: \(place.path("gone/f.npy")) cannot be written: No such file or directory.")
    let name = try features("--data", "photos", "--out", "f.csv")
    #expect(name.status == 64 && name.messages.contains("--out is f.csv; expected a name that ends in .npy"))
  }
}
