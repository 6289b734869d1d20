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
    #expect((report["peak_rss_bytes"] as? Int ?? 0) > 1 << 20)
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
