import ArgumentParser
import Foundation
import Graft

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast a network runs and trains on this machine.",
    discussion: """
      Random numbers, random images in memory, medians over the steps after one that does not count. Let nothing else run.

      Examples:
        graft bench --backbone resnet50
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
    let includesForward = !trainingOnly
    let result = try await interruptible { try await benchmark.run(includingForward: includesForward) }
    let report = BenchReport(benchmark, result, includesForward: includesForward)
    if json { printJSON(report) } else { print(report.text) }
  }
}

/// What `bench --json` prints. Rates are images a second.
private struct BenchReport: Encodable {
  let backbone, unfreeze, precision: String
  let imageSize, batch, trainableParameters: Int
  let frontier: [String]
  let forwardImagesPerSecond, prefixImagesPerSecond: Double?
  let trainingImagesPerSecond: Double
  let trainingStepSeconds: Double
  let peakRssBytes: Int
  let machine: Machine

  init(_ benchmark: StepBenchmark, _ result: StepBenchmark.Result, includesForward: Bool) {
    let batch = Double(benchmark.batch)
    backbone = benchmark.architecture.name
    unfreeze = "\(benchmark.unfreeze)"
    precision = benchmark.precision.rawValue
    imageSize = benchmark.inputSize.height
    self.batch = benchmark.batch
    trainableParameters = result.trainableParameters
    frontier = result.frontier
    forwardImagesPerSecond = includesForward ? batch / result.forward : nil
    prefixImagesPerSecond = result.prefix.map { batch / $0 }
    trainingImagesPerSecond = batch / result.trainingStep
    trainingStepSeconds = result.trainingStep
    peakRssBytes = peakMemory
    machine = .current
  }

  var text: String {
    func rate(_ value: Double) -> String { String(format: "%.1f images/s", value) }
    var lines = ["\(backbone), \(imageSize) pixels, batch \(batch), \(precision), \(unfreeze) trains"]
    if let forwardImagesPerSecond { lines.append("forward        \(rate(forwardImagesPerSecond))") }
    if let prefixImagesPerSecond { lines.append("frozen prefix  \(rate(prefixImagesPerSecond)), once for each image") }
    lines.append(
      "training       \(rate(trainingImagesPerSecond)), \(String(format: "%.3f", trainingStepSeconds)) s a step")
    lines.append("peak memory    \(peakRssBytes >> 20) MB")
    lines.append("oneDNN \(machine.oneDNN), \(machine.instructionSet), \(machine.threads) threads")
    return lines.joined(separator: "\n")
  }
}
