import ArgumentParser
import Foundation
import Graft

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what would train and what would hold still, layer by layer, before anything runs.",
    discussion: """
      The frontier is where the frozen part ends: everything before it is computed once for each photograph, and for each \
      of its views with --augment. With --data the plan says what a training will remember of these photographs, and where.

      Examples:
        graft plan --backbone vgg16 --unfreeze from:block5
        graft plan --backbone squeezenet --unfreeze last:4 --classes 10
        graft plan --backbone squeezenet --data photos --augment crop,flip --views 4
        graft plan --backbone model.onnx --unfreeze last:2
        graft plan --from run --unfreeze all --json
      """)

  @Option(help: BackboneOptions.backboneHelp)
  var backbone: String?

  @Option(help: ArgumentHelp("A run, whose network is planned for.", valueName: "run"))
  var from: String?

  @Option(help: ArgumentHelp("Side of the square images, in pixels.", valueName: "pixels"))
  var imageSize: Int?

  @Option(help: "How many classes the new head tells apart. (default: as --data has, else 2)")
  var classes: Int?

  @Option(
    help: ArgumentHelp(
      "What of the backbone trains: head, last:N, from:LAYER|STAGE, match:GLOB or all. (default: head)",
      valueName: "what"),
    transform: { try LayerSelector(parsing: $0) })
  var unfreeze: LayerSelector = .head

  @Option(help: BatchNormPolicy.help)
  var batchNorm = BatchNormPolicy.affine

  @Option(help: ArgumentHelp("The folder of photographs to train on.", valueName: "dir"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Share of the photographs kept for validation, where there is no val/ folder.", valueName: "share"))
  var split: Double?

  @Option(help: "How often each photograph is seen, and so how many views at most.")
  var epochs = TrainingConfiguration().epochs

  @OptionGroup var remembering: FrontierOptions

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    guard (backbone == nil) != (from == nil) else { throw ValidationError("name either --backbone or --from") }
    if let classes, classes < 2 { throw ValidationError("--classes is \(classes); expected at least 2") }
    guard epochs > 0 else { throw ValidationError("--epochs is \(epochs); expected at least 1") }
    guard split == nil || data != nil else {
      throw ValidationError("--split divides photographs; name them with --data")
    }
  }

  func run() throws {
    let photographs = try data.map { try ImageDatasets.open(URL(filePath: $0), split: split, seed: 0) }
    let (graph, head) = try network(classes: classes ?? photographs?.classes.count ?? 2)
    let plan = try FreezePlan(unfreeze, graph: graph, head: head, batchNorm: batchNorm)
    let text = try PlanText(plan, graph: graph)
    var configuration = TrainingConfiguration(epochs: epochs)
    remembering.apply(to: &configuration)
    let cache = CachePlan(
      frontier: text.frontier, trainingImages: photographs?.training.count ?? 0,
      validationImages: photographs?.validation.count ?? 0, configuration: configuration)
    if json {
      printJSON(PlanReport(text, CacheReport(cache, countsImages: photographs != nil)))
    } else {
      print(text.table)
      print(photographs == nil ? cache.sentenceForOne : cache.sentence)
    }
  }

  private func network(classes: Int) throws -> (graph: LayerGraph, head: Set<String>) {
    if let from {
      let model = try ModelFiles.read(from: URL(filePath: from))
      return (model.graph, model.head)
    }
    let size = imageSize.map { Size2D($0) }
    var options = BackboneOptions()
    options.backbone = backbone ?? ""
    let base =
      if let model = try options.model {
        try ImportedNetwork(contentsOf: model, inputSize: size).graph
      } else {
        try Architecture.named(options.backbone).graph(inputSize: size)
      }
    let graph = try base.attaching(Head(classes: classes))
    return (graph, Set(graph.nodes.map(\.name).filter { base[$0] == nil }))
  }
}

/// What `plan --json` prints.
private struct PlanReport: Encodable {
  struct FrontierTensor: Encodable {
    let name: String
    let shape: [Int]
  }

  let layers: [LayerPlan]
  let frontier: [FrontierTensor]
  let trainableParameters, totalParameters: Int
  let cache: CacheReport

  init(_ text: PlanText, _ cache: CacheReport) {
    layers = text.layers
    frontier = text.frontier.map { FrontierTensor(name: $0.name, shape: $0.shape.dimensions) }
    trainableParameters = text.trainable
    totalParameters = text.total
    self.cache = cache
  }
}

extension BatchNormPolicy: ExpressibleByArgument {
  static let help: ArgumentHelp = """
    How batch normalisations among the unfrozen layers behave: frozen; affine (γ and β train, the moving statistics are \
    used and stay); train (the batch's statistics are used and move the moving ones).
    """
}
