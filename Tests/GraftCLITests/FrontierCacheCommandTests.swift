import Foundation
import Testing

/// What `graft finetune` remembers from one process to the next.
@Suite struct FrontierCacheCommandTests {
  private let place: Workplace
  private var cache: String { place.path("cache") }

  init() throws { place = try Workplace() }

  private struct Report: Decodable {
    let imagesTrain, imagesVal, imagesRemembered: Int
  }

  private func model(_ run: String) throws -> Data {
    try Data(contentsOf: place.folder.appending(path: "\(run)/model.safetensors"))
  }

  @Test func `a second training finds the first one's activations, says so, and learns the same`() throws {
    #expect(try place.finetune("--epochs", "2", "--out", "without").status == 0)
    let cold = try place.finetune("--epochs", "2", "--out", "cold", cache: cache)
    #expect(cold.status == 0 && cold.messages.contains("frozen part: 10 images, remembered\n"), "\(cold.messages)")
    let warm = try place.finetune("--epochs", "2", "--out", "warm", "--json", cache: cache)
    #expect(
      warm.messages.contains("frozen part: 10 images, remembered (10 of them from earlier trainings)\n"),
      "\(warm.messages)")
    let report: Report = try warm.decoded()
    #expect(report.imagesRemembered == 10 && report.imagesTrain + report.imagesVal == 10)
    for run in ["cold", "warm"] { #expect(try model(run) == model("without")) }
    // Beside it lies what was measured of this machine.
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache).filter { $0 != "algorithms" } == ["frontier"])
  }

  @Test func `processes at once share one cache`() async throws {
    let (place, cache) = (place, cache)
    let folder = place.folder
    await withTaskGroup(of: Int32?.self) { group in
      for number in 0..<3 {
        group.addTask {
          try? GraftProgram.run(
            [
              "finetune", "--backbone", "squeezenet-tiny", "--weights", "random", "--image-size", "48", "--data",
              "photos", "--epochs", "1", "--out", "run\(number)",
            ], in: folder, environment: ["GRAFT_CACHE": cache]
          ).status
        }
      }
      for await status in group { #expect(status == 0) }
    }
    let warm: Report = try place.finetune("--epochs", "1", "--out", "warm", "--json", cache: cache).decoded()
    #expect(warm.imagesRemembered == 10)
    for number in 0..<3 { #expect(try model("run\(number)") == model("warm")) }
    let files = try FileManager.default.contentsOfDirectory(atPath: cache + "/frontier").filter {
      $0.hasSuffix(".activations")
    }
    #expect(files.count == 1)
    let size = try #require(
      FileManager.default.attributesOfItem(atPath: cache + "/frontier/" + files[0])[.size] as? Int)
    // Ten records, none of them twice, of 256 features, a key and a checksum, after the header.
    #expect(size == 64 + 10 * (256 * 4 + 48 + 32))
  }

  @Test func `a process killed while it wrote costs the others nothing`() throws {
    let killed = try GraftProgram.run(
      [
        "finetune", "--backbone", "squeezenet-tiny", "--weights", "random", "--image-size", "48", "--data", "photos",
        "--epochs", "1000000", "--out", "killed",
      ], in: place.folder, interruptedAfter: "epoch 1 ", by: SIGKILL, environment: ["GRAFT_CACHE": cache])
    #expect(killed.status == SIGKILL)
    let names = try FileManager.default.contentsOfDirectory(atPath: cache + "/frontier")
    let name = try #require(names.first { $0.hasSuffix(".activations") })
    let file = try FileHandle(forWritingTo: URL(filePath: cache + "/frontier/" + name))
    try file.truncate(atOffset: file.seekToEnd() - 100)
    try file.close()
    let warm: Report = try place.finetune("--epochs", "1", "--out", "warm", "--json", cache: cache).decoded()
    #expect(warm.imagesRemembered == 9)
    let again: Report = try place.finetune("--epochs", "1", "--out", "again", "--json", cache: cache).decoded()
    #expect(again.imagesRemembered == 10)
    #expect(try model("warm") == model("again"))
  }

  @Test func `a folder that cannot be written to is told of once, and the training goes on`() throws {
    let outcome = try place.finetune("--epochs", "1", "--out", "run", cache: "/dev/null/no-cache")
    #expect(outcome.status == 0)
    #expect(
      outcome.messages.components(separatedBy: "activations are not remembered on the disk").count == 2,
      "\(outcome.messages)")
  }

  @Test func `--disk-cache 0 leaves no activations on the disk, and no trial's outcome`() throws {
    #expect(try place.finetune("--epochs", "1", "--out", "run", "--disk-cache", "0", cache: cache).status == 0)
    #expect(!place.exists("cache/frontier"))
  }
}
