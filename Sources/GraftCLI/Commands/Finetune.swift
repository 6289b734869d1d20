import ArgumentParser
import Foundation
import Graft

struct Finetune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a new head on a pretrained network, and as much of the network as you say.",
    discussion: """
      The folder holds one folder of photographs for each class, or train/ and val/ with such folders below. What is \
      frozen runs once for each photograph; only the rest is computed in every epoch. Its results are remembered in memory \
      up to --cache-size, and up to --disk-cache in the folder frontier/ of $GRAFT_CACHE, else of $XDG_CACHE_HOME/graft or \
      ~/.cache/graft: the next training on the same photographs and frozen layers begins at once. What no training has \
      used for longest is removed first. What --precision auto has found out is remembered there too.

      With --augment each photograph has --views random views, and epoch by epoch the next one is used; the plan that is \
      printed first says what the cache will take. Validation photographs are always seen whole.

      Examples:
        graft finetune --backbone squeezenet-tiny --data photos
        graft finetune --backbone squeezenet --weights squeezenet_notop.h5 --data photos
        graft finetune --backbone vgg16 --weights vgg16.h5 --data photos --unfreeze from:block5_conv1 --lr 0.0001
        graft finetune --backbone squeezenet-tiny --data photos --augment crop,flip --views 4 --epochs 20
        graft finetune --backbone model.onnx --preprocessing torch --data photos --precision fp32
        graft finetune --from run --data photos --unfreeze all --optimizer adam --lr 0.00001 --epochs 5 --out run2

      The run directory holds model.safetensors and model.json (what `graft predict` reads), history.csv, and run.json \
      with the command and versions. The parameters saved are those of the epoch with the best validation accuracy.
      """)

  @Option(help: BackboneOptions.backboneHelp)
  var backbone: String?

  @Option(help: BackboneOptions.weightsHelp)
  var weights: String?

  @Option(help: BackboneOptions.cutHelp)
  var cut: String?

  @Option(help: ArgumentHelp("Go on from a run instead of beginning with a backbone.", valueName: "run"))
  var from: String?

  @Option(help: ArgumentHelp("Side of the square images, in pixels.", valueName: "pixels"))
  var imageSize: Int?

  @Option(help: ArgumentHelp("What is done to images, where the weights do not say.", valueName: "mode"))
  var preprocessing: String?

  @Option(help: ArgumentHelp("A folder of photographs, one folder for each class.", valueName: "dir"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Share of the photographs kept for validation, where there is no val/ folder.", valueName: "share"))
  var split: Double?

  @Option(help: "How photographs are brought to size: by the shorter side, then the middle; or squashed.")
  var resize = ResizeOption.crop

  @Option(
    help: ArgumentHelp(
      "What of the backbone trains: \(LayerSelector.words). (default: head)",
      valueName: "what"),
    transform: { try LayerSelector(parsing: $0) })
  var unfreeze: LayerSelector = .head

  @Option(help: BatchNormPolicy.help)
  var batchNorm: BatchNormPolicy?

  @Option(help: "How often each photograph is seen.")
  var epochs = TrainingConfiguration().epochs

  @Option(help: "Photographs that are computed together.")
  var batch = TrainingConfiguration().batch

  @Option(
    help: ArgumentHelp(
      "Batches that make one step together: more photographs a step than memory holds at once.", valueName: "batches"))
  var accumulate = TrainingConfiguration().accumulation

  @Option(help: MemoryUse.help)
  var memory = TrainingConfiguration().memory

  @Option(name: .customLong("lr"), help: "Learning rate.")
  var learningRate = TrainingConfiguration().learningRate

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

  @OptionGroup var frontier: FrontierOptions

  @Option(help: ArgumentHelp("The run directory to write; must not exist.", valueName: "dir"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Go on with a training that was stopped or killed, whose run directory this is: with its own words, to the same bytes.",
      valueName: "run"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Seconds from one checkpoint to the next, at least; 0 for one after every step.", valueName: "seconds"))
  var checkpointEvery = 60.0

  @Option(help: ArgumentHelp("Checkpoints that are kept while the training runs.", valueName: "count"))
  var keep = 2

  @Flag(help: "Keep the last checkpoints after the training, too.")
  var keepCheckpoints = false

  @OptionGroup var images: ImageOptions

  func validate() throws {
    guard resume == nil else { return }
    guard data != nil else { throw ValidationError("name the photographs with --data") }
    guard checkpointEvery >= 0, keep > 0 else {
      throw ValidationError(
        "--checkpoint-every is \(checkpointEvery) and --keep \(keep); expected 0 or more, and at least 1")
    }
    guard (backbone == nil) != (from == nil) else {
      throw ValidationError("name either --backbone with --weights, or --from with a run")
    }
    if from != nil, weights != nil || imageSize != nil || preprocessing != nil {
      throw ValidationError("--from takes the weights, the image size and the preprocessing from the run")
    }
    guard (0..<1).contains(dropout) else {
      throw ValidationError("--dropout is \(dropout); expected 0 or more and less than 1")
    }
    guard pool != .none else {
      throw ValidationError("--pool none leaves no vector for the head; use avg, max or flatten")
    }
    guard accumulate > 0 else { throw ValidationError("--accumulate is \(accumulate); expected at least 1") }
    if let split, !(split > 0 && split < 1) {
      throw ValidationError("--split is \(split); expected more than 0 and less than 1")
    }
  }

  func run() async throws {
    if let resume { return try await goOn(with: URL(filePath: resume)) }
    try await train(in: outputFolder())
  }

  /// Goes on with a training by the words that began it.
  private func goOn(with run: URL) async throws {
    let manifest = try TrainingManifest.read(from: run)
    let run = URL(filePath: run.standardizedFileURL.path)
    guard FileManager.default.changeCurrentDirectoryPath(manifest.workingDirectory) else {
      throw FormatError.fileNotFound(path: manifest.workingDirectory)
    }
    var original = try Finetune.parse(manifest.arguments)
    original.images.json = images.json
    try await original.train(in: run, goingOnWith: manifest)
  }

  /// - Parameter manifest: of the training that is gone on with; nil for a new one.
  private func train(in folder: URL, goingOnWith manifest: TrainingManifest? = nil) async throws {
    let started = manifest?.started ?? Date.now
    let asked = try precision?.choice()
    let prepared = try prepare()
    try prepared.describe()
    let arguments = Array(CommandLine.arguments.dropFirst(2))
    let checkpoints = CheckpointSettings(
      folder: folder.appending(path: TrainingManifest.checkpoints), interval: checkpointEvery, keeping: keep,
      resumes: manifest != nil)
    let (tuning, result) = try await interruptible {
      let tuning: FineTuning
      if let manifest {
        tuning = try prepared.computing(manifest.precisionChoice)
      } else {
        tuning = try await choosePrecision(asked, of: prepared)
      }
      if manifest == nil {
        try TrainingManifest(
          arguments: arguments, workingDirectory: FileManager.default.currentDirectoryPath, started: started,
          precisionChoice: tuning.precisionChoice
        ).write(to: folder)
      }
      do {
        return (tuning, try await tuning.trainer.run(checkpoints: checkpoints) { $0.show() })
      } catch TrainingError.cancelledBeforeFirstEpoch
        where FileManager.default.fileExists(atPath: checkpoints.folder.path)
      {
        throw TrainingError.cancelledWithCheckpoint(path: folder.relativePath)
      } catch {
        if !FileManager.default.fileExists(atPath: checkpoints.folder.path) { abandon(folder) }
        throw error
      }
    }
    if result.wasInterrupted {
      Terminal.standard.write(
        "interrupted after \(result.history.count) of \(epochs) epochs; saving the best of them. "
          + "Go on with: graft finetune --resume \(folder.relativePath)")
    }
    let record = try tuning.save(result, to: folder, started: started)
    if !result.wasInterrupted, !keepCheckpoints { TrainingManifest.remove(from: folder) }
    try finish(tuning, result, record, folder)
  }

  /// Takes away what a training leaves that came to nothing.
  private func abandon(_ folder: URL) {
    TrainingManifest.remove(from: folder)
    if (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.isEmpty == true {
      try? FileManager.default.removeItem(at: folder)
    }
  }

  private func prepare() throws -> FineTuning {
    var configuration = TrainingConfiguration(
      epochs: epochs, batch: batch, accumulation: accumulate, optimizer: optimizer, learningRate: learningRate,
      weightDecay: weightDecay, memory: memory, seed: seed, isStrict: images.strict)
    frontier.apply(to: &configuration)
    let photographs = try ImageDatasets.open(URL(filePath: data ?? ""), split: split, seed: seed)
    if let from {
      return try FineTuning(
        continuing: URL(filePath: from), on: photographs, unfreeze: unfreeze, batchNorm: batchNorm ?? .affine,
        configuration: configuration)
    }
    var options = BackboneOptions()
    options.backbone = backbone ?? ""
    options.weights = weights
    options.cut = cut
    options.imageSize = imageSize
    options.preprocessing = preprocessing
    try options.validate()
    return try FineTuning(
      options.load(seed: seed), on: photographs, unfreeze: unfreeze, batchNorm: batchNorm, pooling: pool,
      dropout: dropout,
      resize: resize.resize,
      configuration: configuration)
  }

  /// Settles what is multiplied, before anything is trained: as told, as the run that is gone on from, or by a trial.
  private func choosePrecision(_ asked: PrecisionChoice?, of tuning: FineTuning) async throws -> FineTuning {
    if let asked { return try tuning.computing(asked) }
    if precision == nil, let from {
      let choice = try PrecisionChoice.ofRun(URL(filePath: from))
      if let line = choice.lineOfRun { Terminal.standard.write(line) }
      return try tuning.computing(choice)
    }
    let chosen = try await tuning.choosingPrecision()
    if let line = chosen.precisionChoice.line { Terminal.standard.write(line) }
    return chosen
  }

  /// Where the run goes: as told, or the first free `runs/N`. Looked at before hours of work, not after.
  private func outputFolder() throws -> URL {
    let free = (1...).lazy.map { "runs/\($0)" }.first { !FileManager.default.fileExists(atPath: $0) }
    let folder = OutputFolder(path: out ?? free ?? "runs")
    try folder.requireWritable()
    return folder.url
  }

  private func finish(
    _ tuning: FineTuning, _ result: TrainingResult, _ record: RunRecord, _ folder: URL
  ) throws {
    let terminal = Terminal.standard
    let frozen = tuning.trainer.frozenParameters.count
    switch record.frozenUnchanged {
    case _ where frozen == 0:
      terminal.write("nothing was frozen")
    case true?:
      terminal.write(
        "the \(frozen) frozen tensors in \(folder.relativePath) equal those of "
          + (tuning.startsAtRandom ? "the random start" : "the source file") + " (SHA-256)")
    case false?:
      terminal.write(
        "error: a frozen tensor in \(folder.relativePath) differs from the source file; please report this")
    case nil:
      terminal.write(
        "warning: \(record.source.weights) can no longer be read, so the frozen tensors were not compared with it")
    }
    terminal.write(
      "best \(result.best.words) in epoch "
        + "\(result.best.epoch), saved in \(folder.relativePath)")
    if images.json { printJSON(try FinetuneReport(tuning, result, record, folder)) }
    if record.frozenUnchanged == false { throw ExitCode(Failure.Code.software.rawValue) }
    if result.wasInterrupted { throw ExitCode(Failure.Code.interrupted.rawValue) }
  }
}
