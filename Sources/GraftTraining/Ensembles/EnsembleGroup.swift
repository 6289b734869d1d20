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
      let batch = InferenceProgram.batch(forOnly: samples.count)
      var loader = ImageLoader(
        samples: samples, view: models[0].view, preprocessing: models[0].preprocessing, batch: batch, strict: isStrict
      ).makeAsyncIterator()
      let startsQuickly = samples.count <= InferenceProgram.quickStartLimit
      @EngineActor func compile(_ graph: LayerGraph, _ model: TrainedModel) throws -> InferenceProgram {
        try InferenceProgram(
          graph, parameters: model.parameters, batch: batch, precision: precision, isReloadable: false,
          startsQuickly: startsQuickly)
      }
      let seam = LayerGraph.commonBeginning(of: models)
      let beginning = try seam.isEmpty ? nil : compile(models[0].graph.cut(at: seam), models[0])
      let ends = try models.map { try compile(seam.isEmpty ? $0.graph : $0.graph.suffix(after: seam), $0) }
      var result: (sums: [Prediction], skipped: [SkippedImage]) = ([], [])
      var clock = ProgressClock()
      clock.begin(.validating, total: samples.count)
      while let images = try await loader.next() {
        try Task.checkCancellation()
        result.skipped += images.skipped
        guard !images.samples.isEmpty else { continue }
        let shared = try beginning.map { try $0.run([$0.graph.inputs[0].name: images.images]) }
        var sums: [String: Tensor] = [:]
        for (model, end) in zip(models, ends) {
          let results = try end.run(shared ?? [model.graph.inputs[0].name: images.images])
          for (output, own) in zip(models[0].graph.outputs, model.graph.outputs) {
            guard let more = results[own] else { continue }
            sums[output] = sums[output].map { Tensor(zip($0.floats, more.floats).map(+), shape: more.shape) } ?? more
          }
        }
        result.sums += models[0].predictions(of: images.samples, sums)
        report(clock.progress(result.sums.count + result.skipped.count))
      }
      return result
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
