import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors

/// Models that see images alike and compute in one precision, so that what they begin with in common is computed once.
struct EnsembleGroup: Sendable {
  let precision: Precision
  var models: [TrainedModel]

  func suits(_ member: ModelEnsemble.Member) -> Bool {
    member.precision.precision == precision && member.model.view == models[0].view
      && member.model.preprocessing == models[0].preprocessing
  }

  /// What the members say, added up.
  func predict(
    _ samples: [Sample], isStrict: Bool, report: @escaping @Sendable (WorkProgress) -> Void
  ) async throws -> (sums: [Prediction], skipped: [SkippedImage]) {
    try await EngineActor.run {
      var sums: [Prediction] = []
      let skipped = try await models[0].look(at: samples, isStrict: isStrict, report: report) { batch in
        let programs = try Programs(models, batch: batch, precision: precision, images: samples.count)
        return { sums += try programs.sums(of: $0) }
      }
      return (sums, skipped)
    }
  }

  /// What the models begin with in common, and the end of each.
  @EngineActor
  private struct Programs {
    private let models: [TrainedModel]
    private let beginning: InferenceProgram?
    private let ends: [InferenceProgram]

    init(_ models: [TrainedModel], batch: Int, precision: Precision, images: Int) throws {
      func compile(_ graph: LayerGraph, _ model: TrainedModel) throws -> InferenceProgram {
        try InferenceProgram(
          graph, parameters: model.parameters, batch: batch, precision: precision, isReloadable: false,
          startsQuickly: images <= InferenceProgram.quickStartLimit)
      }
      self.models = models
      let seam = LayerGraph.commonBeginning(of: models)
      beginning = try seam.isEmpty ? nil : compile(models[0].graph.cut(at: seam), models[0])
      ends = try models.map { try compile(seam.isEmpty ? $0.graph : $0.graph.suffix(after: seam), $0) }
    }

    func sums(of images: ImageBatch) throws -> [Prediction] {
      let shared = try beginning.map { try $0.run([$0.graph.inputs[0].name: images.images]) }
      var sums: [String: Tensor] = [:]
      for (model, end) in zip(models, ends) {
        let results = try end.run(shared ?? [model.graph.inputs[0].name: images.images])
        for (output, own) in zip(models[0].graph.outputs, model.graph.outputs) {
          guard let more = results[own] else { continue }
          sums[output] = sums[output].map { Tensor(zip($0.floats, more.floats).map(+), shape: more.shape) } ?? more
        }
      }
      return models[0].predictions(of: images.samples, sums)
    }
  }
}

extension LayerGraph {
  /// Where networks that begin alike, with the same layers of the same numbers, part: the nodes of that beginning which the rest
  /// needs. None where they part at once, or not at all.
  static func commonBeginning(of models: [TrainedModel]) -> [String] {
    let (first, others) = (models[0], models.dropFirst())
    var common: Set<String> = []
    for node in first.graph.nodes where node.inputs.allSatisfy(common.contains) {
      let isCommon = others.allSatisfy { other in
        guard let twin = other.graph[node.name] else { return false }
        return twin.inputs == node.inputs && AnyHashable(twin.layer) == AnyHashable(node.layer)
          && node.parameters.allSatisfy { first.parameters[$0.name]?.equals(other.parameters[$0.name]) == true }
      }
      if isCommon { common.insert(node.name) }
    }
    // A constant costs nothing to have twice.
    let needed = models.map { model in
      Set(model.graph.nodes.filter { !common.contains($0.name) }.flatMap(\.inputs) + model.graph.outputs)
    }
    let seam = first.graph.nodes.filter { node in
      common.contains(node.name) && !(node.layer is Constant) && needed.contains { $0.contains(node.name) }
    }
    let computes = seam.contains { !($0.layer is InputLayer) }
    let isWhole = first.graph.outputs.contains(where: common.contains)
    // What follows the seam must need all of it in every network, or it would be given an input that it does not have.
    guard computes, !isWhole, needed.allSatisfy({ needs in seam.allSatisfy { needs.contains($0.name) } }) else {
      return []
    }
    return seam.map(\.name)
  }
}

extension Tensor {
  fileprivate func equals(_ other: Tensor?) -> Bool {
    guard let other, other.shape == shape, other.dataType == dataType else { return false }
    return contiguous().withUnsafeBytes { bytes in
      other.contiguous().withUnsafeBytes { others in
        guard let start = bytes.baseAddress, let other = others.baseAddress else { return bytes.count == others.count }
        return bytes.count == others.count && memcmp(start, other, bytes.count) == 0
      }
    }
  }
}
