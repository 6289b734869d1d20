import ArgumentParser
import Foundation
import Graft

struct Adapt: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a run's model to photographs of another kind, of which nothing need be known (AdaBN).",
    discussion: """
      Another camera, light or season shifts what a network's layers see. Its batch normalisations get the statistics of the \
      photographs that you name, folders below included; nothing else changes, and no labels are used. It helps where the \
      photographs differ in looks and classes are about as frequent as in the training; about a hundred photographs are \
      enough. Measure both runs with graft evaluate if you have labels for some.

      Examples:
        graft adapt run --data new-camera --out run-new-camera
        graft adapt run --data new-camera --out run-new-camera --batch 64 --json
      """)

  @Argument(help: "The folder that `graft finetune` has written.")
  var run: String

  @Option(help: ArgumentHelp("A folder of photographs.", valueName: "dir"))
  var data: String

  @Option(help: ArgumentHelp("The run directory to write; must not exist.", valueName: "dir"))
  var out: String

  @Option(help: "Photographs that are normalised together, at least 2.")
  var batch = 32

  @Option(help: "Decides which photographs are normalised together.")
  var seed: UInt64 = 0

  @OptionGroup var images: ImageOptions

  func validate() throws {
    guard (2...4096).contains(batch) else { throw ValidationError("--batch is \(batch); expected 2 to 4096") }
  }

  func run() async throws {
    let started = Date.now
    let target = OutputFolder(path: out)
    try target.requireWritable()
    let folder = URL(filePath: run)
    let model = try ModelFiles.read(from: folder)
    let record = try RunRecord.read(from: folder)
    let samples = try ImageFolder(withoutClasses: URL(filePath: data)).samples
    let (batch, seed, isStrict) = (batch, seed, images.strict)
    let adapted = try await interruptible {
      try await model.adaptingStatistics(to: samples, batch: batch, seed: seed, isStrict: isStrict) {
        Terminal.standard.show($0)
      }
    }
    Terminal.standard.finishLine()
    images.report(adapted.skipped)
    let file = folder.appending(path: ModelFiles.weights)
    let written = try RunDirectory.write(
      record.adapted(
        adapted,
        source: RunRecord.Source(
          backbone: folder.relativePath, weights: file.relativePath, sha256: ContentHash.sha256(contentsOf: file),
          knownAs: nil),
        data: data, command: CommandLine.arguments, version: graftVersion, started: started),
      model: adapted.model,
      frozen: model.graph.parameters.filter { !isAdapted($0, adapted) }.map {
        try FrozenTensor($0.name, model.parameters[$0.name])
      },
      to: target.url)
    let report = AdaptReport(run: out, adapted, isUnchanged: written.frozenUnchanged ?? false)
    if images.json { printJSON(report) } else { print(report.text) }
    if !report.othersUnchanged { throw ExitCode(Failure.Code.software.rawValue) }
  }

  private func isAdapted(_ parameter: ParameterSpecification, _ adapted: AdaptedModel) -> Bool {
    parameter.isStatistic && adapted.layers.contains(parameter.layer)
  }
}

/// What `adapt --json` prints.
private struct AdaptReport: Encodable {
  let run: String
  let batchNormalizations: Int
  let images, imagesSkipped: Int
  let shiftOfMeans, shiftOfVariances: Double
  /// Whether every other tensor is, bit for bit, that of the run.
  let othersUnchanged: Bool

  init(run: String, _ adapted: AdaptedModel, isUnchanged: Bool) {
    self.run = run
    batchNormalizations = adapted.layers.count
    (images, imagesSkipped) = (adapted.images, adapted.skipped.count)
    (shiftOfMeans, shiftOfVariances) = (adapted.shiftOfMeans, adapted.shiftOfVariances)
    othersUnchanged = isUnchanged
  }

  var text: String {
    """
    \(run): \(batchNormalizations) batch normalisations have the statistics of \(images) photographs
    means moved by \(String(format: "%.2f", shiftOfMeans)) standard deviations, variances by a factor of \
    \(String(format: "%.2f", exp(shiftOfVariances))), in the mean over channels
    \(othersUnchanged ? "all other tensors equal those of the run (SHA-256)" : "error: another tensor differs from the run's; please report this")
    """
  }
}
