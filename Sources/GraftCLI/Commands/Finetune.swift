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
        graft finetune --backbone squeezenet --data photos --solver lbfgs
        graft finetune --backbone squeezenet --data photos --plan auto --budget 20min
        graft finetune --backbone resnet50 --data photos --stages 'head 5 → last-stage:1 5 at lr/10' --schedule cosine:warmup=1
        graft finetune --backbone squeezenet --data table.csv --labels-column findings --group-by patient --patience 5
        graft finetune --backbone squeezenet-tiny --data photos --unfreeze all --teacher runs/large --loss distillation:temperature=2
        graft finetune --backbone squeezenet-tiny --data photos --unfreeze all --target new-camera --coral 0.5
        graft finetune --backbone squeezenet-tiny --data photos --unfreeze all --lora 8
        graft finetune --backbone squeezenet-tiny --data photos --folds 5 --out cross-validated
        graft finetune --resume run
        graft finetune --backbone model.onnx --preprocessing torch --data photos --precision fp32
        graft finetune --from run --data photos --unfreeze all --optimizer adam --lr 0.00001 --epochs 5 --out run2

      The run directory holds model.safetensors and model.json (what `graft predict` reads), report.html to look at, history.csv, \
      predictions.csv of the validation photographs, gradcam.json of where the mistakes among them come from, plan.json, which --plan \
      follows again, and run.json with the command and versions. The parameters saved are those of the best epoch: by validation accuracy, or what --monitor names. While a \
      training runs its folder holds checkpoints; killed at any moment, it goes on with --resume.

      With --folds K and no --fold there are K trainings, each without one of K equal parts: --out holds a run for each, and what is \
      said in the end is of every photograph by the model that has not learnt from it. (Which epoch is kept these photographs have \
      chosen, which flatters a little.) Interrupted or killed, the same command goes on; it refuses \
      where its photographs have changed. graft predict and graft evaluate take the mean of the models in such a folder.
      """)

  @OptionGroup(title: "What it starts from") var start: StartOptions
  @OptionGroup(title: "Photographs") var data: DataOptions

  @Option(
    help: ArgumentHelp(
      "A plan to follow: a file that graft plan --data has written, or a run's plan.json; or auto, for what graft plan --data "
        + "would recommend. Options given beside it come before what it says.", valueName: "file|auto"))
  var plan: String?

  @Option(
    help: ArgumentHelp(
      "With --plan auto: the most that the training may take, as in 90s, 20min or 2h.", valueName: "time"))
  var budget: String?

  @OptionGroup(title: "What trains") var transfer: TransferOptions
  @OptionGroup(title: "How it trains") var optimization: OptimizationOptions
  @OptionGroup(title: "What it learns from beside labels") var guidance: GuidanceOptions
  @OptionGroup var domain: TargetOptions
  @OptionGroup(title: "Views and what is remembered") var frontier: FrontierOptions

  @Option(help: PrecisionOption.help(orElse: "auto; with --from, the run's"))
  var precision: PrecisionOption?

  @Option(help: "Makes everything random repeatable.")
  var seed: UInt64 = 0

  @OptionGroup(title: "The run") var destination: RunOptions
  @OptionGroup var images: ImageOptions

  func validate() throws {
    guard destination.resume == nil else { return }
    guard !data.data.isEmpty else { throw ValidationError("name the photographs with --data") }
    guard plan == nil || transfer.isEmpty else {
      throw ValidationError("--plan says what trains and how fast; leave --unfreeze and its like out")
    }
    guard budget == nil || plan == Self.automatic else { throw ValidationError("--budget is for --plan auto") }
    if let budget { _ = try AdviceLimits.seconds(parsing: budget) }
    try start.check()
  }

  static let automatic = "auto"

  func run() async throws {
    if let resume = destination.resume { return try await goOn(with: URL(filePath: resume)) }
    let words = Array(CommandLine.arguments.dropFirst(2))
    if let folds = data.table.folds, data.table.fold == nil {
      return try await CrossValidation(of: self, folds: folds, words: words).run()
    }
    try await begin(by: words)
  }

  /// Trains anew.
  ///
  /// - Parameter words: that say what this command says, for the record and for whoever goes on.
  func begin(by words: [String]) async throws {
    let (folder, lock) = try destination.takenFolder()
    defer { lock.release() }
    try await train(in: folder, lock, by: words)
  }

  /// Goes on with a training by the words that began it.
  func goOn(with run: URL) async throws {
    // Before the lock, which would leave a trace in a folder of something else.
    _ = try TrainingManifest.read(from: run)
    let run = URL(filePath: run.standardizedFileURL.path)
    let lock = try RunLock(run)
    defer { lock.release() }
    var manifest = try TrainingManifest.read(from: run)
    lock.removeRemains()
    if manifest.note(threads: Machine.current.threads) { try manifest.write(to: run) }
    if let warning = manifest.threadsWarning { Terminal.standard.write("warning: \(warning)") }
    guard FileManager.default.changeCurrentDirectoryPath(manifest.workingDirectory) else {
      throw FormatError.fileNotFound(path: manifest.workingDirectory)
    }
    var original = try Finetune.parse(manifest.arguments)
    original.images.json = images.json
    try await original.train(in: run, lock, by: manifest.arguments, goingOnWith: manifest)
  }

  /// - Parameter manifest: of the training that is gone on with; nil for a new one.
  private func train(
    in folder: URL, _ lock: RunLock, by words: [String], goingOnWith manifest: TrainingManifest? = nil
  ) async throws {
    let started = manifest?.started ?? Date.now
    let asked = try precision?.choice()
    let checkpoints = destination.checkpoints(in: folder, resumes: manifest != nil)
    let (tuning, result) = try await interruptible {
      let prepared = try await prepare(goingOnWith: manifest)
      try prepared.describe()
      if manifest == nil { try await requireFit(prepared) }
      let tuning: FineTuning
      if let manifest {
        tuning = try prepared.computing(manifest.precisionChoice).standardizing(by: manifest)
      } else {
        tuning = try await choosePrecision(asked, of: prepared).standardizingFeatures()
        if let line = tuning.featureStandardization?.line { Terminal.standard.write(line) }
        try TrainingManifest(
          arguments: words,
          workingDirectory: FileManager.default.currentDirectoryPath, started: started,
          precisionChoice: tuning.precisionChoice, featureStandardization: tuning.featureStandardization,
          plan: plan == nil ? nil : tuning.adaptationPlan, teacher: tuning.trainer.teacher?.record
        ).write(to: folder)
      }
      return (tuning, try await train(tuning, checkpoints, in: folder))
    }
    if result.wasInterrupted {
      Terminal.standard.write(
        "interrupted after \(result.history.count) of \(tuning.trainer.epochs) epochs; saving the best of them. "
          + "Go on with: graft finetune --resume \(folder.relativePath)")
    }
    let record = try saved(result, of: tuning, in: folder, by: words, started: started)
    let explains = destination.report && !result.wasInterrupted
    let wasStopped = explains ? await explainMistakes(of: result, tuning, in: folder) : false
    // Before the manifest goes: a kill in between leaves a training that can be gone on with, and nothing half-written for good.
    writeReports(of: folder)
    if !result.wasInterrupted, !destination.keepCheckpoints { TrainingManifest.end(folder, releasing: lock) }
    try finish(tuning, result, record, folder, warnings: [manifest?.threadsWarning].compactMap(\.self))
    if wasStopped { throw ExitCode(Failure.Code.interrupted.rawValue) }
  }

  private func saved(
    _ result: TrainingResult, of tuning: FineTuning, in folder: URL, by words: [String], started: Date
  ) throws -> RunRecord {
    do {
      let command = [CommandLine.arguments[0], "finetune"] + words
      return try tuning.save(result, to: folder, command: command, started: started)
    } catch let error as FormatError {
      throw TrainingError.unsaved(path: folder.relativePath, reason: "\(error)")
    }
  }

  private func train(
    _ tuning: FineTuning, _ checkpoints: CheckpointSettings, in folder: URL
  ) async throws -> TrainingResult {
    do {
      return try await tuning.trainer.run(checkpoints: checkpoints) { $0.show() }
    } catch TrainingError.cancelledBeforeFirstEpoch where checkpoints.newest != nil {
      throw TrainingError.cancelledWithCheckpoint(path: folder.relativePath)
    } catch {
      // Nothing that could be gone on with: as if it had never begun.
      if checkpoints.newest == nil { TrainingManifest.remove(from: folder) }
      throw error
    }
  }

  private func prepare(goingOnWith manifest: TrainingManifest?) async throws -> FineTuning {
    let settled = manifest?.plan
    let teacher = try guidance.readTeacher(asIn: manifest)
    let target = try domain.open()
    let photographs = try data.open(seed: seed)
    let backbone = try start.from == nil ? start.load(seed: seed) : nil
    let found = settled == nil ? try await adaptationPlan(backbone, photographs) : nil
    let file = settled ?? found
    var configuration = optimization.configuration(file, seed: seed, isStrict: images.strict)
    frontier.apply(to: &configuration, otherwise: file)
    let solver = optimization.solver ?? file?.solver
    func transferPlan(_ policy: BatchNormPolicy) -> TransferPlan {
      file?.transfer ?? transfer.plan(weightDecay: configuration.weightDecay, batchNorm: policy)
    }
    var tuning: FineTuning
    if let backbone {
      tuning = try FineTuning(
        backbone, on: photographs, plan: transferPlan(backbone.isUntrained ? .train : .affine), solver: solver,
        pooling: start.pool, dropout: start.dropout, hidden: start.hidden, headKind: start.head,
        resize: start.resize.resize, configuration: configuration, teacher: teacher,
        target: target)
    } else {
      tuning = try FineTuning(
        continuing: URL(filePath: start.from ?? ""), on: photographs, plan: transferPlan(.affine), solver: solver,
        configuration: configuration, teacher: teacher,
        target: target)
    }
    tuning.reasons = file?.reasons ?? []
    return tuning
  }
}
