import ArgumentParser
import Foundation
import Graft

struct Plan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what would train and what would hold still, or find out what should.",
    discussion: """
      The frontier is where the frozen part ends: everything before it is computed once for each photograph, and for each \
      of its views with --augment. With --data the plan says what a training will remember of these photographs, and where; a few steps \
      are timed, so that it can say how long epochs will take and how much memory; what memory cannot hold is refused, with the \
      options of what comes nearest (exit code 65).
      With --data and no word on what trains and how (--unfreeze and its like, --augment), the frozen network runs once over the \
      photographs, linear heads are tried on the features of each of its stages, a few steps are timed, and the plan that \
      follows from it is printed with its reasons; --out writes it for graft finetune --plan. Of several networks each is tried.
      Multiply-adds are those of convolutions and dense layers; backward, a layer costs its forward ones for the gradient \
      of its input, where something before it trains, and as many for its kernels', where they train.

      Examples:
        graft plan --backbone vgg16 --unfreeze from:block5
        graft plan --backbone squeezenet --unfreeze last:4 --classes 10
        graft plan --backbone resnet50 --unfreeze last-stage:1,norm --batch-norm affine,frozen:match:conv1_*
        graft plan --backbone resnet50 --stages 'head 5 epochs → last-stage:1 5 epochs at lr/10 → all' --lr-decay 0.4
        graft plan --backbone resnet50 --unfreeze last-stage:1 --lora 8
        graft plan --backbone resnet50 --stages gradual:2 --l2sp 0.01 --json > plan.json
        graft plan --backbone resnet50 --unfreeze all --diff plan.json
        graft plan --backbone squeezenet --data photos --augment crop,flip --views 4
        graft plan --backbone vgg16 --data photos --unfreeze all --batch 64 --memory-limit 4000
        graft plan --backbone squeezenet --weights squeezenet_notop.h5 --data photos --out plan.json
        graft plan --backbone model.onnx --preprocessing torch --data photos --budget 20min --memory-limit 4000
        graft plan --backbone squeezenet-tiny --backbone mobilenet.h5 --data photos --json
        graft plan --backbone model.onnx --unfreeze last:2
        graft plan --from run --unfreeze all --json
      """)

  @Option(help: BackboneOptions.backboneHelp)
  var backbone: [String] = []

  @Option(help: ArgumentHelp("A run, whose network is planned for.", valueName: "run"))
  var from: String?

  @Option(help: ArgumentHelp("Side of the square images, in pixels.", valueName: "pixels"))
  var imageSize: Int?

  @Option(help: "How many classes the new head tells apart. (default: as --data has, else 2)")
  var classes: Int?

  @OptionGroup var transfer: TransferOptions

  @OptionGroup var photographs: DataOptions

  @OptionGroup var advice: AdviceOptions

  @Option(help: "How often each photograph is seen, and so how many views at most.")
  var epochs = TrainingConfiguration().epochs

  @OptionGroup var costs: CostOptions

  @OptionGroup var remembering: FrontierOptions

  @Option(
    help: ArgumentHelp(
      "A plan to compare with: what --json has printed, or plan.json of a run. Prints what this plan does otherwise.",
      valueName: "file"))
  var diff: String?

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    guard backbone.isEmpty != (from == nil) else { throw ValidationError("name either --backbone or --from") }
    if let classes, classes < 2 { throw ValidationError("--classes is \(classes); expected at least 2") }
    guard epochs > 0 else { throw ValidationError("--epochs is \(epochs); expected at least 1") }
    guard photographs.table.split == nil || !photographs.data.isEmpty else {
      throw ValidationError("--split divides photographs; name them with --data")
    }
    try advice.validate(isAsked: asksForAdvice)
    guard backbone.count < 2 || asksForAdvice else {
      throw ValidationError(
        "several --backbone are compared on photographs: name these with --data, and nothing that trains")
    }
  }

  /// Whether it is left to the photographs what trains.
  private var asksForAdvice: Bool {
    !photographs.data.isEmpty && from == nil && diff == nil && transfer.isEmpty && remembering.augment == nil
  }

  func run() async throws {
    let data = try photographs.data.isEmpty ? nil : photographs.open(seed: advice.seed)
    if asksForAdvice, let data {
      var configuration = TrainingConfiguration(epochs: epochs, seed: advice.seed)
      remembering.apply(to: &configuration)
      let request = AdviceRequest(
        backbones: backbone, imageSize: imageSize, options: advice, data: data, configuration: configuration,
        resources: remembering.resources)
      if let advised = try await request.advise() {
        try advised.write()
        return try show(
          advised.best.plan.transfer, epochs: advised.best.plan.epochs ?? epochs,
          graph: advised.model.graph, head: advised.model.head, data, advised)
      }
    }
    guard let data, diff == nil else {
      let (graph, head) = try network(classes: classes ?? data?.classes.count ?? 2)
      return try show(transfer.plan, epochs: epochs, graph: graph, head: head, data, nil)
    }
    let model = try plannedModel(tasks: data.tasks)
    let planned = try plannedTraining(of: model, on: data)
    let resources = remembering.resources
    let (fit, estimate) = try await interruptible {
      let planned = try await planned.inSuitingPrecision()
      return try await EngineActor.run {
        let fit = try TrainingFit(planned, within: resources)
        // What does not fit is not tried.
        return (fit, fit.fits ? try await TrainingEstimate(measuring: planned) : nil)
      }
    }
    if json { try fit.requireFit() }
    try show(
      transfer.plan, epochs: epochs, graph: model.graph, head: model.head, data, nil, estimate)
    try fit.requireFit()
  }

  /// The training that the options describe; its network's numbers may be any.
  private func plannedTraining(of model: TrainedModel, on data: ImageDatasets) throws -> Trainer {
    var configuration = TrainingConfiguration(epochs: epochs, seed: advice.seed)
    costs.apply(to: &configuration)
    remembering.apply(to: &configuration)
    let (model, stages) = try transfer.plan.applied(
      to: model, epochs: epochs, learningRate: configuration.learningRate, seed: configuration.seed)
    return try Trainer(
      model, stages: stages, configuration: configuration, training: data.training, validation: data.validation)
  }

  /// - Parameters:
  ///   - advised: what the plan comes from; nil where it was given.
  ///   - estimate: nil where nothing was measured.
  private func show(
    _ plan: TransferPlan, epochs: Int, graph: LayerGraph, head: Set<String>, _ photographs: ImageDatasets?,
    _ advised: AdvisedBackbones?, _ estimate: TrainingEstimate? = nil
  ) throws {
    let resolved = try plan.resolved(on: graph, head: head, epochs: epochs)
    if let diff {
      let other = try PlanFile(contentsOf: URL(filePath: diff))
      let others = try other.plan.resolved(on: graph, head: head, epochs: other.epochs ?? epochs)
      return show(resolved.difference(from: others), from: diff)
    }
    let reports = try resolved.stages.map { stage in
      var configuration = TrainingConfiguration(epochs: stage.epochs)
      remembering.apply(to: &configuration, otherwise: advised?.best.plan)
      return try StageReport(
        stage, graph: resolved.graph,
        cache: { frontier in
          CachePlan(
            frontier: frontier, trainingImages: photographs?.training.count ?? 0,
            validationImages: photographs?.validation.count ?? 0, configuration: configuration)
        })
    }
    if json {
      let advice = advised.map { AdviceReport($0) }
      printJSON(PlanReport(plan, epochs: epochs, reports, countsImages: photographs != nil, advice, estimate))
    } else {
      if let advised { print(advised.text + "\n") }
      for (number, report) in zip(1..., reports) {
        if reports.count > 1 { print((number == 1 ? "" : "\n") + report.stage.title(number) + "\n") }
        print(report.text.table + "\n\n" + report.cost.table + "\n\n" + report.cost.sentence)
        print(photographs == nil ? report.cache.sentenceForOne : report.cache.sentence)
        if let estimate { print(estimate.stages[number - 1].sentence) }
      }
      if let estimate, reports.count > 1 { print("\n" + estimate.sentence) }
    }
  }

  private func show(_ differences: [PlanDifference], from path: String) {
    if json { return printJSON(["differences": differences]) }
    print(
      differences.isEmpty ? "the plan does the same as \(path)" : differences.map(\.description).joined(separator: "\n")
    )
  }
}
