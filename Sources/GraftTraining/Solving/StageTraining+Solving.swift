import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors

extension StageTraining {
  /// The numbers of linear heads that solve the training images' features, all of their views.
  ///
  /// - Throws: `TrainingError.unsolvable` where a head is more than a dense layer on the frontier, or one that this solver does not solve; `LinearSolverError`;
  ///   `CancellationError`.
  func solved(by solver: HeadSolver, _ trainer: Trainer) async throws -> Parameters {
    let heads = try trainer.model.linearHeads(after: stage.plan)
    if let head = heads.first(where: \.isCosine), solver.kind != .prototype {
      throw TrainingError.unsolvable(layer: head.layer)
    }
    let rows = try await features(heads.map(\.features))
    let groups: [String?] = rows.samples.map(\.group)
    let names = Dictionary(
      zip(Set(groups.compactMap(\.self)).sorted(), 0...), uniquingKeysWith: { first, _ in first })
    // The views of an image stay on one side, and so do the images of a group.
    let places = rows.images.enumerated().map { row, image in groups[row].flatMap { names[$0] } ?? names.count + image }
    var result = Parameters()
    for (index, head) in heads.enumerated() {
      guard let features = rows.features[head.features] else { continue }
      let task = trainer.model.tasks[index]
      let problem = HeadProblem(
        solver: solver, task: task, isCosine: head.isCosine, features: FeatureMatrix(features),
        targets: objective.targets.targets(of: rows.samples)[index],
        weights: objective.targets.weights(of: rows.samples),
        groups: places, isBalanced: trainer.configuration.classWeights == .balanced, seed: trainer.configuration.seed)
      let layer = try await Self.apart { try problem.solve().reading(head.scaling) }
      result["\(head.layer)/kernel"] = Tensor(layer.kernel, shape: [layer.outputs, layer.width])
      if !head.isCosine { result["\(head.layer)/bias"] = Tensor(layer.bias, shape: [layer.outputs]) }
    }
    return result
  }

  /// Runs work that takes all processors on Dispatch's threads, where waiting hinders nobody; cancelling the task stops it.
  private static func apart<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await Task.detached(priority: .userInitiated) { try work() }.valueCancelledWithCaller
  }

  private struct FeatureRows {
    var features: [String: Tensor] = [:]
    /// The sample of each row, and its index among the training images.
    var samples: [Sample] = []
    var images: [Int] = []
  }

  private func features(_ names: [String]) async throws -> FeatureRows {
    var rows: [String: [Float]] = [:]
    var widths: [String: Int] = [:]
    var result = FeatureRows()
    let order = Array(training.samples.indices)
    for view in 0..<sources.plan.views {
      var place = 0
      try await training.forEachBatch(of: order, view: view, size: 256) { batch in
        try Task.checkCancellation()
        for name in Set(names) {
          guard let input = batch.inputs[name] else { continue }
          rows[name, default: []] += input.floats
          widths[name] = input.shape.count / max(input.shape[0], 1)
        }
        result.samples += batch.samples
        result.images += batch.samples.indices.map { place + $0 }
        place += batch.samples.count
      }
    }
    for (name, values) in rows {
      result.features[name] = Tensor(values, shape: [result.samples.count, widths[name] ?? 0])
    }
    return result
  }
}

extension Task where Failure == any Error {
  /// The value; where the caller's task is cancelled, so is this one.
  fileprivate var valueCancelledWithCaller: Success {
    get async throws {
      try await withTaskCancellationHandler {
        try await value
      } onCancel: {
        cancel()
      }
    }
  }
}

/// A linear head in a network.
struct LinearHead {
  /// The dense layer's name.
  let layer: String
  /// The node that it reads, dropout and scaling aside.
  let features: String
  /// What is done to features before the dense layer.
  let scaling: Normalization?
  /// Whether it scores by angles: features' lengths count nothing, nor do those of its kernel's rows.
  let isCosine: Bool
}

extension TrainedModel {
  /// The heads, where each is one dense layer that reads what holds still.
  ///
  /// - Throws: `TrainingError.unsolvable`.
  func linearHeads(after plan: FreezePlan) throws -> [LinearHead] {
    let logits = try logits
    let frontier = Set(plan.frontier(of: logits))
    let output = try logits.node(logits.outputs[0])
    let ends = tasks.count == 1 ? [output] : try output.inputs.map { try logits.node($0) }
    return try ends.map { end in
      let isCosine = end.layer is UnitDense
      guard isCosine || end.layer is Dense, end.parameters.contains(where: plan.trains),
        isCosine || end.parameters.contains(where: { $0.role == .bias }), var feed = end.inputs.first
      else { throw TrainingError.unsolvable(layer: end.name) }
      var scaling: Normalization?
      while !frontier.contains(feed), let node = logits[feed], let before = node.inputs.first {
        guard
          node.layer.isStochastic || node.layer is Normalization && scaling == nil
            || isCosine && node.layer is UnitNormalization
        else { break }
        scaling = scaling ?? node.layer as? Normalization
        feed = before
      }
      guard frontier.contains(feed), logits[feed]?.shape.rank == 1 else {
        throw TrainingError.unsolvable(layer: end.name)
      }
      return LinearHead(layer: end.layer.name, features: feed, scaling: scaling, isCosine: isCosine)
    }
  }
}

extension LinearLayer {
  /// The same function of features that are scaled before: w · σ, and b + w · mean.
  fileprivate func reading(_ scaling: Normalization?) -> LinearLayer {
    guard let scaling else { return self }
    var other = self
    for output in 0..<outputs {
      var moved = Double(bias[output])
      for column in 0..<width {
        let place = output * width + column
        moved += Double(kernel[place]) * Double(scaling.mean[column])
        other.kernel[place] *= max(scaling.variance[column].squareRoot(), 1e-7)
      }
      other.bias[output] = Float(moved)
    }
    return other
  }
}
