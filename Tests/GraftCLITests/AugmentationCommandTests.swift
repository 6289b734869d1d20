import Foundation
import Testing

/// `--augment` and `--views`, and what `plan` and `finetune` say that the cache will take.
@Suite struct AugmentationCommandTests {
  private let place: Workplace
  private var cache: String { place.path("cache") }

  init() throws { place = try Workplace() }

  private struct Cache: Decodable, Equatable {
    let bytesPerImage, views: Int
    let imagesTrain, imagesVal, bytes, memoryBytes, diskBytes: Int?
    let training, validation: String?
  }

  private struct Report: Decodable {
    let imagesRemembered: Int
    let cache: Cache
  }

  private struct PlanReport: Decodable { let cache: Cache }

  private let augmenting = ["--augment", "crop,flip", "--views", "3", "--epochs", "4"]

  private func graft(_ arguments: [String]) throws -> GraftProgram.Outcome {
    try GraftProgram.run(arguments, in: place.folder, environment: ["GRAFT_CACHE": cache])
  }

  private func finetune(_ run: String, _ options: [String]) throws -> GraftProgram.Outcome {
    try graft(
      [
        "finetune", "--backbone", "squeezenet-tiny", "--weights", "random", "--image-size", "48", "--data", "photos",
        "--out", run, "--json",
      ] + options)
  }

  /// The files of the cache that hold what a frozen part computes. What else `plan` measures, it may remember.
  private func activations() -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: cache + "/frontier")
    return (names ?? []).filter { $0.hasSuffix(".activations") }
  }

  private func model(_ run: String) throws -> Data {
    try Data(contentsOf: place.folder.appending(path: "\(run)/model.safetensors"))
  }

  @Test func `the plan says beforehand what the disk holds afterwards, and a second training finds it all`() throws {
    let planned = try graft(
      ["plan", "--backbone", "squeezenet-tiny", "--image-size", "48", "--data", "photos", "--json"] + augmenting)
    let plan = try planned.decoded(PlanReport.self).cache
    // 8 images to learn from in 3 views each, and 2 to validate on.
    #expect(
      plan
        == Cache(
          bytesPerImage: 1024, views: 3, imagesTrain: 8, imagesVal: 2, bytes: 26 * 1024, memoryBytes: 26 * 1024,
          diskBytes: 64 + 26 * (1024 + 48 + 32), training: "memory", validation: "memory"))
    #expect(activations().isEmpty)
    let cold = try finetune("cold", augmenting)
    #expect(cold.status == 0, "\(cold.messages)")
    #expect(try cold.decoded(Report.self).cache == plan)
    #expect(try cold.decoded(Report.self).imagesRemembered == 0)
    let files = activations()
    #expect(files.count == 1)
    let facts = try FileManager.default.attributesOfItem(atPath: cache + "/frontier/" + files[0])
    #expect(facts[.size] as? Int == plan.diskBytes)
    let warm = try finetune("warm", augmenting)
    #expect(try warm.decoded(Report.self).imagesRemembered == 10)
    #expect(try model("warm") == model("cold"))
  }

  @Test(arguments: [
    (
      [],
      "cache: 1.02 kB an image and view × (8 training images × 3 views + 2 validation images) = 26.6 kB, in memory; "
        + "28.8 kB on the disk for the next training"
    ),
    (
      ["--disk-cache", "0"],
      "cache: 1.02 kB an image and view × (8 training images × 3 views + 2 validation images) = 26.6 kB, in memory"
    ),
    (
      ["--cache-size", "0"],
      "cache: 1.02 kB an image and view × (8 training images × 3 views + 2 validation images) = 26.6 kB, "
        + "more than --cache-size: on the disk, 28.8 kB, and read in every epoch"
    ),
    (
      ["--cache-size", "0", "--disk-cache", "0"],
      "cache: 1.02 kB an image and view × (8 training images × 3 views + 2 validation images) = 26.6 kB, "
        + "more than --cache-size and --disk-cache hold: the frozen part runs anew in every epoch"
    ),
    (
      ["--unfreeze", "all"],
      "cache: 27.6 kB an image and view × (8 training images × 3 views + 2 validation images) = 719 kB, not kept: "
        + "nothing is frozen, so that views are decoded in every epoch; the validation images, 55.3 kB, are kept in memory"
    ),
  ])
  func `plan and training say in the same words where it goes, and learn the same`(options: [String], words: String)
    throws
  {
    let plan = try graft(
      ["plan", "--backbone", "squeezenet-tiny", "--image-size", "48", "--data", "photos"] + augmenting + options)
    #expect(plan.output.split(separator: "\n").map(String.init).contains(words), "\(plan.output)")
    let training = try finetune("run", augmenting + options)
    #expect(training.messages.contains(words + "\n"), "\(training.messages)")
    if !options.contains("all") {
      #expect(try finetune("memory", augmenting).status == 0)
      #expect(try model("run") == model("memory"))
    }
  }

  @Test func `without photographs the plan says what one takes`() throws {
    let plan = try graft(["plan", "--backbone", "squeezenet-tiny", "--augment", "flip"])
    #expect(
      plan.output.hasSuffix(
        "cache: 1.02 kB an image and view, 4 views of each training image; with --data, what all of them take\n"))
    let report = try graft(["plan", "--backbone", "squeezenet-tiny", "--json"]).decoded(PlanReport.self).cache
    #expect((report.bytesPerImage, report.views) == (1024, 1))
    #expect(report.bytes == nil && report.imagesTrain == nil && report.training == nil)
  }

  @Test(arguments: [
    (["--views", "0", "--augment", "flip"], "--views is 0; expected at least 1"),
    (
      ["--views", "3"],
      "--views is 3, but without --augment all views of a photograph are the same; name what it may do (--augment crop,flip), "
        + "or leave --views out"
    ),
    (
      ["--views", "3", "--augment", "none"],
      "--views is 3, but without --augment all views of a photograph are the same"
    ),
    (
      ["--augment", "crop,turn"],
      "“turn” is nothing that can be done to photographs; write crop, flip, vflip, rotate, zoom,"
    ),
  ])
  func `words and numbers that make no sense`(options: [String], message: String) throws {
    for command in ["finetune", "plan"] {
      let outcome = try graft([command, "--backbone", "squeezenet-tiny", "--data", "photos"] + options)
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(outcome.messages.contains(message), "\(outcome.messages)")
    }
    #expect(place.names == ["photos"])
  }

  @Test func `a plan's own numbers that make no sense`() throws {
    for (options, message) in [
      (["--split", "0.5"], "--split divides photographs; name them with --data"),
      (["--epochs", "0"], "--epochs is 0; expected at least 1"),
    ] {
      let outcome = try graft(["plan", "--backbone", "squeezenet-tiny"] + options)
      #expect(outcome.status == 64)
      #expect(outcome.messages.contains(message), "\(outcome.messages)")
    }
  }
}
