import Foundation
import GraftImages
import Testing

/// `graft explain`, and what a training leaves for its report.
@Suite struct ExplainCommandTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 4)
    // So few steps, at so small a rate, that half of the photographs are taken for something else.
    let trained = try place.finetune("--epochs", "1", "--lr", "1e-9", "--out", "run")
    try #require(trained.status == 0, "\(trained.messages)")
  }

  private struct Map: Decodable {
    let rows, columns: Int
    let values: [Float]
  }

  private struct ExplainReport: Decodable {
    struct Photograph: Decodable {
      let image, explained, picture: String
      let probability: Float
      let map: Map
    }
    let layer: String
    let images: [Photograph]
    let skipped: [String: String]
  }

  @Test func `each photograph becomes a picture of its size, and the places are told`() throws {
    try place.write("note.jpg", "no picture")
    let outcome = try place.graft(
      "explain", "run", "photos/red/1.bmp", "photos/blue/1.bmp", "note.jpg", "--class", "red", "--out", "seen", "--json"
    )
    #expect(outcome.status == 0, "\(outcome.messages)")
    let report: ExplainReport = try outcome.decoded()
    #expect(report.images.map(\.image) == ["photos/red/1.bmp", "photos/blue/1.bmp"])
    #expect(report.images.map(\.picture) == ["seen/1.png", "seen/1-2.png"])
    #expect(report.images.allSatisfy { $0.explained == "red" && (0...1).contains($0.probability) })
    #expect(report.skipped.keys.sorted() == ["note.jpg"])
    for image in report.images {
      #expect(image.map.values.count == image.map.rows * image.map.columns && image.map.rows > 1)
      let picture = try ImageDecoder.decode(contentsOf: place.folder.appending(path: image.picture))
      #expect(picture.width == 40 && picture.height == 30)
    }
    let text = try place.graft("explain", "run", "photos/red/1.bmp", "--out", "other")
    #expect(text.output.wholeMatch(of: /photos\/red\/1\.bmp: (blue|red) 0\.\d{3}, other\/1\.png.*\n/) != nil)
  }

  @Test func `what cannot be explained is refused before anything is written`() throws {
    let stranger = try place.graft("explain", "run", "photos/red/1.bmp", "--class", "green", "--out", "seen")
    #expect(stranger.status == 64 && stranger.messages.contains("the run's model knows blue, red"))
    let layer = try place.graft("explain", "run", "photos/red/1.bmp", "--layer", "head_dense", "--out", "seen")
    #expect(layer.status == 64 && layer.messages.contains("“head_dense” is not a feature map"))
    #expect(try place.graft("explain", "run", "gone.jpg", "--out", "seen").status == 66)
    try place.write("note.jpg", "no picture")
    let unreadable = try place.graft("explain", "run", "note.jpg", "--out", "seen")
    #expect(unreadable.status == 65 && unreadable.lastMessage.contains("note.jpg"))
    #expect(!place.exists("seen"))
    #expect(try place.graft("explain", "run", "photos/red/1.bmp", "--out", "photos").status == 74)
  }

  @Test func `a training looks into its mistakes for the report, unless there is none`() throws {
    let file = try Data(contentsOf: place.folder.appending(path: "run/gradcam.json"))
    let maps = try #require(JSONSerialization.jsonObject(with: file) as? [String: Any])
    #expect((maps["maps"] as? [Any])?.isEmpty == false && (maps["view"] as? [String: Any])?["width"] as? Int == 48)
    let page = try String(contentsOf: place.folder.appending(path: "run/report.html"), encoding: .utf8)
    #expect(page.contains("class=\"veiled\""))
    #expect(try place.finetune("--epochs", "1", "--lr", "1e-9", "--no-report", "--out", "bare").status == 0)
    #expect(!place.exists("bare/gradcam.json"))
  }
}
