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
  /// - Throws: `TrainingError.unsolvable` where a head is more than a dense layer on the frontier; `LinearSolverError`;
  ///   `CancellationError`.
  func solved(by solver: HeadSolver, _ trainer: Trainer) async throws -> Parameters {
    let heads = try trainer.model.linearHeads(after: stage.plan)
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
        solver: solver, task: task, features: FeatureMatrix(features),
        targets: targets.targets(of: rows.samples)[index], weights: targets.weights(of: rows.samples),
        groups: places, isBalanced: trainer.configuration.classWeights == .balanced, seed: trainer.configuration.seed)
      let layer = try await Self.apart { try problem.solve() }
      result["\(head.layer)/kernel"] = Tensor(layer.kernel, shape: [layer.outputs, layer.width])
      result["\(head.layer)/bias"] = Tensor(layer.bias, shape: [layer.outputs])
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
  /// The node that it reads, dropout aside.
  let features: String
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
      guard end.layer is Dense, end.parameters.contains(where: plan.trains),
        end.parameters.contains(where: { $0.role == .bias }), var feed = end.inputs.first
      else { throw TrainingError.unsolvable(layer: end.name) }
      while !frontier.contains(feed), let node = logits[feed], node.layer.isStochastic, let before = node.inputs.first {
        feed = before
      }
      guard frontier.contains(feed), logits[feed]?.shape.rank == 1 else {
        throw TrainingError.unsolvable(layer: end.name)
      }
      return LinearHead(layer: end.layer.name, features: feed)
    }
  }
}
