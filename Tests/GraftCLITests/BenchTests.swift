import GraftArchitectures
import GraftGraph
import GraftTensors
import Testing

@Suite struct BenchTests {
  @Test func `a head's benchmark tells the frozen prefix from the training`() throws {
    let outcome = try GraftProgram.run(
      "bench", "--backbone", "squeezenet-tiny", "--unfreeze", "head", "--batch", "2", "--steps", "1", "--json")
    #expect(outcome.status == 0)
    let report = try outcome.json()
    #expect(report["frontier"] as? [String] == ["head_pool"])
    for key in ["forward_images_per_second", "prefix_images_per_second", "training_images_per_second"] {
      let rate = try #require(report[key] as? Double)
      #expect(rate > 0, "\(key)")
    }
    let peak = try #require(report["peak_rss_bytes"] as? Int)
    let predicted = try #require(report["predicted_peak_bytes"] as? Int)
    #expect(peak > 1 << 20 && predicted > 1 << 20)
    let memory = try #require(report["memory"] as? [[String: Any]])
    #expect(memory.map { $0["name"] as? String } == ["forward", "prefix", "training"])
    #expect(memory.compactMap { $0["peak_bytes"] as? Int }.max() == predicted)
  }

  @Test func `each program's time is told apart from that of its primitives alone`() throws {
    let outcome = try GraftProgram.run(
      "bench", "--backbone", "squeezenet-tiny", "--unfreeze", "head", "--batch", "2", "--steps", "1", "--json")
    let programs = try #require(outcome.json()["programs"] as? [[String: Any]])
    #expect(programs.map { $0["name"] as? String } == ["forward", "prefix", "training"])
    for program in programs {
      let seconds = try #require(program["seconds"] as? Double)
      let alone = try #require(program["primitive_seconds"] as? Double)
      let share = try #require(program["primitive_share"] as? Double)
      // At most about 1, where nothing else runs on the machine.
      #expect(share > 0 && abs(share - alone / seconds) < 1e-9)
      #expect(program["layers"] == nil && program["kinds"] == nil)
    }
    #expect(programs.last?["optimizer_seconds"] is Double)
  }

  @Test func `layers and kinds of work add up to the whole`() throws {
    let outcome = try GraftProgram.run(
      "bench", "--backbone", "squeezenet-tiny", "--batch", "2", "--steps", "1", "--training-only", "--per-layer",
      "--json")
    let programs = try #require(outcome.json()["programs"] as? [[String: Any]])
    #expect(programs.map { $0["name"] as? String } == ["training"])
    for key in ["layers", "kinds"] {
      let works = try #require(programs[0][key] as? [[String: Any]])
      let shares = works.compactMap { $0["share"] as? Double }
      #expect(shares.count == works.count && abs(shares.reduce(0, +) - 1) < 1e-9)
      #expect(works.contains { ($0["name"] as? String) == (key == "layers" ? "conv1" : "convolution") })
      #expect(works.allSatisfy { $0["implementations"] is [String] && $0["has_reference"] is Bool })
      let seconds = try works.map { work in
        try #require(work["forward_seconds"] as? Double) + #require(work["backward_seconds"] as? Double)
      }
      // Slowest first, but for what is rounded on the way.
      #expect(zip(seconds, seconds.dropFirst()).allSatisfy { $0 > $1 - 1e-9 })
    }
  }

  @Test func `people get a table of the layers`() throws {
    let outcome = try GraftProgram.run(
      "bench", "--backbone", "squeezenet-tiny", "--batch", "2", "--steps", "1", "--training-only", "--per-layer")
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("training: layer ") && $0.contains("backward") && $0.contains("kernels") })
    #expect(lines.contains { $0.hasPrefix("training: kind of work ") })
    #expect(lines.contains { $0.hasPrefix("conv1 ") && $0.contains("%") })
    #expect(lines.contains { $0.hasPrefix("peak memory ") && $0.contains(", predicted ") })
  }

  @Test func `training everything has no frozen prefix to time`() throws {
    let outcome = try GraftProgram.run(
      "bench", "--backbone", "squeezenet-tiny", "--batch", "2", "--steps", "1", "--training-only", "--json")
    let report = try outcome.json()
    #expect(report["prefix_images_per_second"] == nil)
    #expect(report["forward_images_per_second"] == nil)
    let backbone = try Architecture.squeezenetTiny.graph()
    let features = try #require(backbone.output?.shape[0])
    let learnt = backbone.parameters.filter { !$0.isStatistic }.reduce(0) { $0 + $1.shape.count }
    #expect(report["trainable_parameters"] as? Int == learnt + features * 10 + 10)
  }

  @Test func `a benchmark of nothing is refused`() throws {
    let outcome = try GraftProgram.run("bench", "--backbone", "vgg16", "--steps", "0")
    #expect(outcome.status == 64)
    #expect(outcome.messages.hasPrefix("Error: --steps is 0; expected at least 1\n"))
  }
}
