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
      the smoothed loss falls fastest, and a tenth of that where it is least (Smith, arXiv:1506.01186; fastai); a curve that \
      does not fall suggests nothing.

      Examples:
        graft lr-find --backbone squeezenet-tiny --data photos
        graft lr-find --backbone vgg16 --weights vgg16.h5 --data photos --unfreeze last:2 --optimizer adam --plot curve.svg
        graft lr-find --from run --data photos --unfreeze all --batch-norm affine --highest 1 --steps 200 --json
      """)

  @Option(help: BackboneOptions.backboneHelp)
  var backbone: String?

  @Option(help: BackboneOptions.weightsHelp)
  var weights: String?

  @Option(help: BackboneOptions.cutHelp)
  var cut: String?

  @Option(help: ArgumentHelp("Test the model of a run instead of a new head on a backbone.", valueName: "run"))
  var from: String?

  @Option(help: ArgumentHelp("Side of the square images, in pixels.", valueName: "pixels"))
  var imageSize: Int?

  @Option(help: ArgumentHelp("What is done to images, where the weights do not say.", valueName: "mode"))
  var preprocessing: String?

  @OptionGroup var photographs: DataOptions

  @Option(help: "How photographs are brought to size: by the shorter side, then the middle; or squashed.")
  var resize = ResizeOption.crop

  @Option(
    help: ArgumentHelp(
      "What of the backbone trains: head, last:N, from:LAYER|STAGE, match:GLOB or all. (default: head)",
      valueName: "what"),
    transform: { try LayerSelector(parsing: $0) })
  var unfreeze: LayerSelector = .head

  @Option(help: BatchNormPolicy.help)
  var batchNorm: BatchNormPolicy?

  @Option(help: "Photographs that are computed together.")
  var batch = TrainingConfiguration().batch

  @Option(help: ArgumentHelp("Batches that make one step together.", valueName: "batches"))
  var accumulate = TrainingConfiguration().accumulation

  @Option(help: MemoryUse.help)
  var memory = TrainingConfiguration().memory

  @Option(
    help: ArgumentHelp(
      "How steps are made of gradients: \(OptimizerKind.names.joined(separator: ", ")); with settings, as in sgd:momentum=0.9,nesterov.",
      valueName: "name"),
    transform: { try OptimizerSettings(parsing: $0) })
  var optimizer = TrainingConfiguration().optimizer

  @Option(help: "Pull of the kernels towards zero.")
  var weightDecay = TrainingConfiguration().weightDecay

  @Option(help: "Share of the features that the head does without in each step.")
  var dropout: Float = 0

  @Option(help: "How the feature map becomes a vector: avg, max or flatten.")
  var pool: FeaturePooling = .avg

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
    guard (backbone == nil) != (from == nil) else {
      throw ValidationError("name either --backbone with --weights, or --from with a run")
    }
    if from != nil, weights != nil || imageSize != nil || preprocessing != nil || cut != nil {
      throw ValidationError("--from takes the network, the image size and the preprocessing from the run")
    }
    guard (0..<1).contains(dropout) else {
      throw ValidationError("--dropout is \(dropout); expected 0 or more and less than 1")
    }
    guard pool != .none else {
      throw ValidationError("--pool none leaves no vector for the head; use avg, max or flatten")
    }
    guard accumulate > 0 else { throw ValidationError("--accumulate is \(accumulate); expected at least 1") }
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
    _ = try LearningRateFinder(prepared.trainer, settings: settings)
    try requireWritablePlot()
    try prepared.describe()
    let curve = try await interruptible {
      let tuning = try await choosePrecision(of: prepared)
      return try await LearningRateFinder(tuning.trainer, settings: settings).run { $0.show() }
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
    var configuration = TrainingConfiguration(
      batch: batch, accumulation: accumulate, optimizer: optimizer, weightDecay: weightDecay, memory: memory,
      seed: seed, isStrict: reading.strict)
    frontier.apply(to: &configuration)
    if let from {
      let run = URL(filePath: from)
      let data = try photographs.open(seed: seed, knownClasses: ModelFiles.read(from: run).classes)
      return try FineTuning(
        continuing: run, on: data, unfreeze: unfreeze, batchNorm: batchNorm ?? .affine, configuration: configuration)
    }
    let data = try photographs.open(seed: seed)
    var options = BackboneOptions()
    options.backbone = backbone ?? ""
    options.weights = weights
    options.cut = cut
    options.imageSize = imageSize
    options.preprocessing = preprocessing
    try options.validate()
    return try FineTuning(
      options.load(seed: seed), on: data, unfreeze: unfreeze, batchNorm: batchNorm, pooling: pool, dropout: dropout,
      resize: resize.resize, configuration: configuration)
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
    if precision == nil, let from { return try tuning.computing(PrecisionChoice.ofRun(URL(filePath: from))) }
    return try await tuning.choosingPrecision()
  }
}

/// What `lr-find --json` prints.
private struct LearningRateReport: Encodable {
  let curve: LearningRateCurve
  let advice: LearningRateAdvice
  let plot: Nullable<String>
}
