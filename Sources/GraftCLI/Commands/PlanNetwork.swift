import ArgumentParser
import Foundation
import Graft

/// What a plan's costs depend on, beside what trains.
struct CostOptions: ParsableArguments {
  @Option(help: "Photographs that are computed together.")
  var batch = TrainingConfiguration().batch

  @Option(help: MemoryUse.help)
  var memory = TrainingConfiguration().memory

  @Option(
    help: ArgumentHelp("What makes steps of gradients; some remember more.", valueName: "name"),
    transform: { try OptimizerSettings(parsing: $0) })
  var optimizer = OptimizerSettings.sgd

  func apply(to configuration: inout TrainingConfiguration) {
    configuration.batch = batch
    configuration.memory = memory
    configuration.optimizer = optimizer
  }
}

extension Plan {
  /// Layers without numbers.
  func network(classes: Int) throws -> (graph: LayerGraph, head: Set<String>) {
    if let from {
      let model = try ModelFiles.read(from: URL(filePath: from))
      return (model.graph, model.head)
    }
    let size = imageSize.map { Size2D($0) }
    var options = BackboneOptions()
    options.backbone = backbone.first ?? ""
    let whole =
      if let model = try options.model {
        try ImportedNetwork(contentsOf: model, inputSize: size, keepsTop: advice.cut != nil).graph
      } else {
        try Architecture.named(options.backbone).graph(inputSize: size)
      }
    let base = try advice.cut.map { try whole.cut(at: [$0]) } ?? whole
    let graph = try base.attaching(Head(classes: classes))
    return (graph, Set(graph.nodes.map(\.name).filter { base[$0] == nil }))
  }

  /// A network that is known by name, where its weights are to be had.
  private func known(_ name: String, preprocessing: Preprocessing) throws -> Backbone? {
    if let file = advice.weights.first, file != "random" {
      return try Backbone(
        name, weights: URL(filePath: file), inputSize: imageSize, cut: advice.cut, preprocessing: preprocessing)
    }
    let architecture = try Architecture.named(name)
    guard WeightsCache.standard.file(of: architecture) != nil || EmbeddedWeights.of(architecture) != nil else {
      return nil
    }
    return try Backbone(name, inputSize: imageSize, cut: advice.cut, preprocessing: preprocessing)
  }

  /// The network with a head for each task. Where there are no weights its numbers are random:
  /// what a training takes hardly depends on them.
  func plannedModel(tasks: [PredictionTask]) throws -> TrainedModel {
    if let from { return try ModelFiles.read(from: URL(filePath: from)) }
    var options = BackboneOptions()
    options.backbone = backbone.first ?? ""
    let mode = advice.preprocessing.first.flatMap { Preprocessing(named: $0) } ?? .tensorFlow
    let loaded =
      if let model = try options.model {
        try Backbone(
          contentsOf: model, weights: advice.weights.first.map { URL(filePath: $0) }, inputSize: imageSize,
          cut: advice.cut, preprocessing: mode)
      } else if let known = try known(options.backbone, preprocessing: mode) {
        known
      } else {
        try Backbone(untrained: options.backbone, inputSize: imageSize, preprocessing: mode, seed: advice.seed)
      }
    let heads = tasks.enumerated().map { index, task in
      Head(task, name: tasks.count > 1 ? "\(index + 1)" : "")
    }
    return try loaded.model(heads, resize: advice.resize.resize, seed: advice.seed)
  }
}

extension BatchNormPolicy: ExpressibleByArgument {
  static let help: ArgumentHelp = """
    How batch normalisations among the unfrozen layers behave: frozen; affine (γ and β train, the moving statistics are \
    used and stay); reestimate (γ and β hold still, the batch's statistics are used and move the moving ones); train (the batch's statistics are used and move the moving ones).
    """
}
