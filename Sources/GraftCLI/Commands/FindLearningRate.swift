import ArgumentParser
import Foundation
import Graft

struct FindLearningRate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lr-find",
    abstract: "Look for a good learning rate: a hundred steps at growing rates, until the loss runs away.",
    discussion: """
      The steps are those that a training would begin with: the same photographs, loss, batch, optimizer and frozen part, \
      whose results are remembered as a training's are. The model and its file stay as they are. Suggested are the rate where \
      the smoothed loss falls fastest, the middle of its longest fall (fastai's valley), and a tenth of the rate where it is least \
      (Smith, arXiv:1506.01186; fastai); a curve that does not fall suggests nothing. What is suggested is the stage's own rate, \
      before --lr-decay; --lr, --schedule and --epochs do nothing here.

      Examples:
        graft lr-find --backbone squeezenet-tiny --data photos
        graft lr-find --backbone vgg16 --weights vgg16.h5 --data photos --unfreeze last:2 --optimizer adam --plot curve.svg
        graft lr-find --from run --data photos --unfreeze all --batch-norm affine --highest 1 --steps 200 --json
        graft lr-find --backbone resnet50 --data photos --stages 'head 5 epochs → all' --stage 2
      """)

  @OptionGroup var start: StartOptions
  @OptionGroup var photographs: DataOptions
  @OptionGroup var transfer: TransferOptions

  @Option(help: ArgumentHelp("Which of several --stages to test, from the model as it is now.", valueName: "number"))
  var stage = 1

  @OptionGroup var optimization: OptimizationOptions
  @OptionGroup var guidance: GuidanceOptions

  @Option(help: PrecisionOption.help(orElse: "auto; with --from, the run's"))
  var precision: PrecisionOption?

  @Option(help: "Makes everything random repeatable.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("The first step's rate.", valueName: "rate"))
  var lowest = LearningRateFinder.Settings().lowest

  @Option(help: ArgumentHelp("The last step's rate.", valueName: "rate"))
  var highest = LearningRateFinder.Settings().highest

  @Option(help: "How many steps to take.")
  var steps = LearningRateFinder.Settings().steps

  @Option(help: "How much of the mean so far each step's loss leaves, from 0 to less than 1.")
  var smoothing = LearningRateFinder.Settings().smoothing

  @Option(help: "How many times its least the smoothed loss may be before the test ends.")
  var divergence = LearningRateFinder.Settings().divergence

  @Option(help: ArgumentHelp("Draw the curve into this file, ending in .svg.", valueName: "file"))
  var plot: String?

  @OptionGroup var frontier: FrontierOptions
  @OptionGroup var reading: ImageOptions

  func validate() throws {
    try start.check()
    if let plot, !plot.hasSuffix(".svg") {
      throw ValidationError("--plot is \(plot); expected a name that ends in .svg")
    }
  }

  private var settings: LearningRateFinder.Settings {
    LearningRateFinder.Settings(
      lowest: lowest, highest: highest, steps: steps, smoothing: smoothing, divergence: divergence)
  }

  func run() async throws {
    let prepared = try prepare()
    // Before any work: what makes no sense is said at once.
    _ = try LearningRateFinder(prepared.trainer, stage: stage - 1, settings: settings)
    try requireWritablePlot()
    try prepared.describe()
    let curve = try await interruptible {
      let tuning = try await choosePrecision(of: prepared).standardizingFeatures()
      return try await LearningRateFinder(tuning.trainer, stage: stage - 1, settings: settings).run { $0.show() }
    }
    Terminal.standard.finishLine()
    let advice = LearningRateAdvice(curve)
    if let plot {
      let picture = LinePlot(curve, advice).svg
      try AtomicFile.write(to: URL(filePath: plot)) { try $0.write(Data(picture.utf8)) }
      Terminal.standard.write("wrote \(plot)")
    }
    if reading.json {
      printJSON(LearningRateReport(curve: curve, advice: advice, plot: Nullable(value: plot)))
    } else {
      print(LearningRateText(curve, advice).lines.joined(separator: "\n"))
    }
  }

  private func prepare() throws -> FineTuning {
    var configuration = optimization.configuration(nil, seed: seed, isStrict: reading.strict)
    frontier.apply(to: &configuration, otherwise: nil)
    let teacher = try guidance.readTeacher()
    func plan(_ policy: BatchNormPolicy) -> TransferPlan {
      transfer.plan(weightDecay: configuration.weightDecay, batchNorm: policy)
    }
    if let from = start.from {
      let run = URL(filePath: from)
      let data = try photographs.open(seed: seed, knownClasses: ModelFiles.read(from: run).classes)
      return try FineTuning(
        continuing: run, on: data, plan: plan(.affine), configuration: configuration, teacher: teacher)
    }
    let data = try photographs.open(seed: seed)
    let backbone = try start.load(seed: seed)
    return try FineTuning(
      backbone, on: data, plan: plan(backbone.isUntrained ? .train : .affine), pooling: start.pool,
      dropout: start.dropout, hidden: start.hidden, headKind: start.head, resize: start.resize.resize,
      configuration: configuration, teacher: teacher)
  }

  /// A hundred steps for a picture that cannot be written would be a pity.
  private func requireWritablePlot() throws {
    guard let plot else { return }
    let folder = URL(filePath: plot).deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw FormatError.writeFailed(path: plot, reason: "nothing may be written in \(folder), or it does not exist")
    }
  }

  /// As a training would: as told, as the run that is gone on from, or by a trial.
  private func choosePrecision(of tuning: FineTuning) async throws -> FineTuning {
    if let asked = try precision?.choice() { return try tuning.computing(asked) }
    if let from = start.from { return try tuning.computing(PrecisionChoice.ofRun(URL(filePath: from))) }
    return try await tuning.choosingPrecision()
  }
}

/// What `lr-find --json` prints.
private struct LearningRateReport: Encodable {
  let curve: LearningRateCurve
  let advice: LearningRateAdvice
  let plot: Nullable<String>
}
