import ArgumentParser
import Foundation
import Graft

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast a network runs and trains on this machine.",
    discussion: """
      Random numbers, random images in memory, medians over the steps after one that does not count. Let nothing else run.

      “oneDNN alone” is the fraction of a step's time that its oneDNN primitives take when they run one after another with
      everything else off the clock: loading images, the loss, the optimizer, what the host computes. It is measured in the
      same process, in turn with whole steps.

      Examples:
        graft bench --backbone resnet50
        graft bench --backbone xception --precision bf16 --training-only --per-layer
        graft bench --backbone vgg16 --unfreeze head --batch 8 --json
      """)

  @Option(help: "The network: \(Architecture.all.map(\.name).joined(separator: ", ")).")
  var backbone: String

  @Option(help: ArgumentHelp("Side of the square images, in pixels.", valueName: "pixels"))
  var imageSize: Int?

  @Option(help: "Images in one step.")
  var batch = 8

  @Option(
    help: ArgumentHelp(
      "What trains: head, last:N, from:LAYER|STAGE, match:GLOB or all. (default: all)", valueName: "what"),
    transform: { try LayerSelector(parsing: $0) })
  var unfreeze: LayerSelector = .all

  @Option(help: BatchNormPolicy.help)
  var batchNorm = BatchNormPolicy.train

  // No auto: what a network of random numbers loses on random images says nothing of a real one.
  @Option(help: FixedPrecisionOption.help)
  var precision = FixedPrecisionOption.fp32

  @Option(help: "Steps that count.")
  var steps = 5

  @Flag(help: "Leave out the whole network's forward pass, so that the memory is the training's alone.")
  var trainingOnly = false

  @Flag(help: "Also measure every step, and print what each kind of work and each layer takes, the slowest first.")
  var perLayer = false

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    guard batch > 0 else { throw ValidationError("--batch is \(batch); expected at least 1") }
    guard steps > 0 else { throw ValidationError("--steps is \(steps); expected at least 1") }
    if let imageSize, !(1...16_384).contains(imageSize) {
      throw ValidationError("--image-size is \(imageSize); expected 1 to 16384")
    }
  }

  func run() async throws {
    let benchmark = try StepBenchmark(
      Architecture.named(backbone), inputSize: imageSize.map { Size2D($0) }, batch: batch, unfreeze: unfreeze,
      batchNorm: batchNorm, precision: precision.choice().precision, steps: steps)
    let (includesForward, perLayer) = (!trainingOnly, perLayer)
    let result = try await interruptible {
      try await benchmark.run(includingForward: includesForward, perStep: perLayer)
    }
    let report = BenchReport(benchmark, result)
    if json { printJSON(report) } else { print(report.text) }
  }
}
