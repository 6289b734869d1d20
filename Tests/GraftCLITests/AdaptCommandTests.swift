import Foundation
import Testing

/// `graft adapt`.
@Suite struct AdaptCommandTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 6)
    let trained = try place.finetune("--epochs", "1", "--out", "run")
    try #require(trained.status == 0)
  }

  private struct Report: Decodable {
    let run: String
    let batchNormalizations, images, imagesSkipped: Int
    let othersUnchanged: Bool
    let shiftOfMeans: Double
  }

  @Test func `a new run is written that others can use, and the old one stays`() throws {
    let before = try Data(contentsOf: place.folder.appending(path: "run/model.safetensors"))
    let outcome = try place.graft("adapt", "run", "--data", "photos", "--out", "run2", "--batch", "4", "--json")
    let report: Report = try outcome.decoded()
    #expect(report.run == "run2" && report.images == 12 && report.imagesSkipped == 0)
    #expect(report.othersUnchanged && report.batchNormalizations > 1 && report.shiftOfMeans > 0)
    #expect(try Data(contentsOf: place.folder.appending(path: "run/model.safetensors")) == before)
    let evaluated = try place.graft("evaluate", "run2", "--data", "photos")
    #expect(evaluated.status == 0, "\(evaluated.messages)")
    #expect(try place.graft("report", "run2").status == 0)
    #expect(try place.graft("runs", ".").output.contains("run2"))
  }

  @Test func `nonsense is refused and writes nothing`() throws {
    #expect(try place.graft("adapt", "run", "--data", "photos", "--out", "run").status == 74)
    #expect(try place.graft("adapt", "none", "--data", "photos", "--out", "run2").status == 66)
    #expect(try place.graft("adapt", "run", "--data", "photos", "--out", "run2", "--batch", "1").status == 64)
    #expect(!place.exists("run2"))
  }
}
