import ArgumentParser
import Foundation
import Graft

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what would train and what would hold still, layer by layer, before anything runs.",
    discussion: """
      The frontier is where the frozen part ends: everything before it is computed once for each photograph.

      Examples:
        graft plan --backbone vgg16 --unfreeze from:block5
        graft plan --backbone squeezenet --unfreeze last:4 --classes 10
        graft plan --backbone model.onnx --unfreeze last:2
        graft plan --from run --unfreeze all --json
      """)

  @Option(help: BackboneOptions.backboneHelp)
  var backbone: String?

  @Option(help: ArgumentHelp("A run, whose network is planned for.", valueName: "run"))
  var from: String?

  @Option(help: ArgumentHelp("Side of the square images, in pixels.", valueName: "pixels"))
  var imageSize: Int?

  @Option(help: "How many classes the new head tells apart.")
  var classes = 2

  @Option(
    help: ArgumentHelp(
      "What of the backbone trains: head, last:N, from:LAYER|STAGE, match:GLOB or all. (default: head)",
      valueName: "what"),
    transform: { try LayerSelector(parsing: $0) })
  var unfreeze: LayerSelector = .head

  @Option(help: BatchNormPolicy.help)
  var batchNorm = BatchNormPolicy.affine

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    guard (backbone == nil) != (from == nil) else { throw ValidationError("name either --backbone or --from") }
    guard classes > 1 else { throw ValidationError("--classes is \(classes); expected at least 2") }
  }

  func run() throws {
    let (graph, head) = try network()
    let plan = try FreezePlan(unfreeze, graph: graph, head: head, batchNorm: batchNorm)
    let text = try PlanText(plan, graph: graph)
    if json { printJSON(PlanReport(text)) } else { print(text.table) }
  }

  private func network() throws -> (graph: LayerGraph, head: Set<String>) {
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
    let graph = try base.attaching(ClassifierHead(classes: classes))
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

  init(_ text: PlanText) {
    layers = text.layers
    frontier = text.frontier.map { FrontierTensor(name: $0.name, shape: $0.shape.dimensions) }
    trainableParameters = text.trainable
    totalParameters = text.total
  }
}

extension BatchNormPolicy: ExpressibleByArgument {
  static let help: ArgumentHelp = """
    How batch normalisations among the unfrozen layers behave: frozen; affine (γ and β train, the moving statistics are \
    used and stay); train (the batch's statistics are used and move the moving ones).
    """
}
