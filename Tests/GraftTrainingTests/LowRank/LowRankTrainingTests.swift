import Foundation
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@testable import GraftTraining

@Suite struct LowRankTrainingTests {
  private let task: ToyTask
  private let model: TrainedModel

  init() throws {
    task = try ToyTask()
    // With a head that says something, so that gradients reach the backbone.
    model = try ToyDomain.model(normalized: true)
  }

  private func trainer(
    _ stages: String
  ) throws -> Trainer {
    let plan = TransferPlan(try StagedPlan(parsing: stages), lowRank: 2)
    let configuration = ToyTask.configuration(epochs: 4)
    let (adapted, stages) = try plan.applied(to: model, epochs: 4, learningRate: 0.05, seed: 3)
    return try Trainer(
      adapted, stages: stages, configuration: configuration, training: task.training, validation: task.validation)
  }

  @Test func `kernels come out changed by no more than the rank, in the network that went in`() async throws {
    let trainer = try trainer("all&kernels")
    #expect(
      trainer.plan.trainableLayers == [
        "conv1/lora_a", "conv1/lora_b", "conv2/lora_a", "conv2/lora_b", "head_dense",
      ])
    let result = try await trainer.run()
    #expect(result.model.adapters == nil)
    #expect(result.model.graph.nodes.map(\.name) == model.graph.nodes.map(\.name))
    let (before, after) = try (model.hashes, result.model.hashes)
    #expect(before.keys.sorted() == after.keys.sorted())
    #expect(
      before.keys.filter { before[$0] != after[$0] }.sorted() == [
        "conv1/kernel", "conv2/kernel", "head_dense/bias", "head_dense/kernel",
      ])
    for kernel in ["conv1/kernel", "conv2/kernel"] {
      let change = zip(result.model.parameters[kernel]?.floats ?? [], model.parameters[kernel]?.floats ?? []).map {
        $0 - $1
      }
      #expect(Self.rank(change, rows: 6) == 2, "\(kernel)")
    }
    #expect(result.history.last.map { $0.loss < result.history[0].loss } == true)
  }

  @Test func `what was validated is what the merged model says`() async throws {
    let result = try await trainer("all").run()
    let (again, _) = try await result.model.predict(task.validation)
    for (one, other) in zip(result.validation, again) {
      for (one, other) in zip(one.outputs[0], other.outputs[0]) { #expect(abs(one - other) < 1e-5) }
    }
  }

  @Test func `kernels are no longer said to be frozen, others are, and biases train as the plan says`() async throws {
    let trainer = try trainer("last:1")
    #expect(trainer.plan.trainableLayers == ["conv2", "conv2/lora_a", "conv2/lora_b", "head_dense"])
    #expect(
      trainer.frozenParameters.map(\.name) == [
        "conv1/kernel", "conv1/bias", "norm1/gamma", "norm1/beta", "norm1/moving_mean", "norm1/moving_variance",
      ])
    let result = try await trainer.run()
    #expect(try result.model.hashes["conv2/bias"] != model.hashes["conv2/bias"])
    #expect(try result.model.hashes["conv1/kernel"] == model.hashes["conv1/kernel"])
  }

  @Test func `a stage in which an adapter holds still leaves it at nothing`() async throws {
    let trainer = try trainer("last:1 2 → head 1 → all 1")
    // Stopped before the last stage, in which conv1's adapter would have learnt for the first time.
    let result = try await Task {
      try await trainer.run { event in
        if case .epochEnded(let epoch) = event, epoch.epoch == 3 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }.value
    #expect(result.wasInterrupted && result.history.count == 3)
    #expect(try result.model.hashes["conv1/kernel"] == model.hashes["conv1/kernel"])
    #expect(try result.model.hashes["conv2/kernel"] != model.hashes["conv2/kernel"])
  }

  @Test func `a training in pieces comes to the same bytes`() async throws {
    let trainer = try trainer("head 2 → all")
    let folder = task.folder.appending(path: "checkpoints")
    let whole = try await trainer.run()
    let pieces = try await trainer.runInPieces(
      of: 2, CheckpointSettings(folder: folder, interval: 0, resumes: true))
    #expect(whole.timeless == pieces.timeless)
    #expect(try whole.model.hashes == pieces.model.hashes)
  }

  @Test func `adapters move as fast as their kernel would have, and are pulled towards zero`() throws {
    let plan = TransferPlan(
      try StagedPlan(parsing: "all"), rates: .decay(0.5), decay: DecayRule(weightDecay: 0.01, towardsStart: 0.3),
      lowRank: 2)
    let kernels = try plan.resolved(on: model.graph, head: model.head, epochs: 1)
    var free = plan
    free.lowRank = nil
    let others = try free.resolved(on: model.graph, head: model.head, epochs: 1)
    let (now, before) = (kernels.stages[0].parameters, others.stages[0].parameters)
    #expect(now["conv1/kernel"] == .frozen)
    for part in ["lora_a", "lora_b"] {
      let adapter = try #require(now["conv1/\(part)/kernel"])
      #expect(adapter.trains && adapter.rate == before["conv1/kernel"]?.rate)
      #expect(adapter.decay == 0.3 && !adapter.decaysTowardsStart)
    }
    #expect(now["conv1/bias"] == before["conv1/bias"])
  }

  @Test func `two plans differ by their adapters`() throws {
    let plan = TransferPlan(try StagedPlan(parsing: "last:1"), lowRank: 2)
    var free = plan
    free.lowRank = nil
    let (adapted, whole) = try (
      plan.resolved(on: model.graph, head: model.head, epochs: 1),
      free.resolved(on: model.graph, head: model.head, epochs: 1)
    )
    #expect(
      adapted.difference(from: whole).map(\.description) == [
        "stage 1, conv2: trains → only bias trains, a product of rank 2 trains beside it"
      ])
    #expect(try JSONDecoder().decode(TransferPlan.self, from: JSONEncoder().encode(plan)) == plan)
    #expect(adapted.stages[0].frontier == whole.stages[0].frontier)
  }

  @Test func `a layer without a bias is no part of the frozen prefix while its adapter trains`() throws {
    var backbone = try LayerGraph(input: [3, 8, 8])
    try backbone.add(Conv2D("plain", filters: 4, kernel: 3, usesBias: false))
    try backbone.add(Dropout("drop", rate: 0.5))
    try backbone.add(Conv2D("next", filters: 4, kernel: 3, usesBias: false))
    let graph = try backbone.attaching(Head(classes: 2))
    let head = Set(graph.nodes.map(\.name).filter { backbone[$0] == nil })
    var plan = TransferPlan(try StagedPlan(parsing: "head 1 → last:1 1 → all"), lowRank: 2)
    let adapted = try plan.resolved(on: graph, head: head, epochs: 3)
    plan.lowRank = nil
    let whole = try plan.resolved(on: graph, head: head, epochs: 3)
    #expect(adapted.stages.map(\.frontier) == whole.stages.map(\.frontier))
    #expect(adapted.stages.map(\.frontier) == [["head_pool"], ["plain"], ["input_1"]])
    for (stage, other) in zip(adapted.stages, whole.stages) {
      #expect(
        stage.freezePlan.activeStochasticNodes(of: adapted.graph) == other.freezePlan.activeStochasticNodes(of: graph))
      let stored = try JSONDecoder().decode(FreezePlan.self, from: JSONEncoder().encode(stage.freezePlan))
      #expect(stored == stage.freezePlan)
    }
  }

  @Test func `adapters that nothing has trained yet cost nothing, and what is remembered is the network's own`() throws
  {
    let trainer = try trainer("head 2 → last:1 1 → all 1")
    let kept = try trainer.stages.indices.map { try trainer.model(ofStage: $0).graph.nodes.map(\.name) }
    #expect(kept[0] == model.graph.nodes.map(\.name))
    #expect(kept[1].contains("conv2/lora_a") && !kept[1].contains("conv1/lora_a"))
    #expect(kept[2] == trainer.model.graph.nodes.map(\.name))
  }

  @Test(arguments: ["head", "norm", "all&bias"])
  func `adapters without a kernel to stand beside are refused`(text: String) {
    #expect(throws: PlanningError.nothingToAdapt) { try trainer(text) }
  }

  /// Of a matrix of so many rows, by elimination.
  private static func rank(_ elements: [Float], rows: Int) -> Int {
    let width = elements.count / rows
    var matrix = (0..<rows).map { row in elements[row * width..<(row + 1) * width].map(Double.init) }
    let size = matrix.joined().reduce(0) { max($0, abs($1)) }
    var rank = 0
    while rank < rows {
      // The largest element left, whose row and column go.
      let left = (rank..<rows).flatMap { row in (0..<width).map { (row, $0, abs(matrix[row][$0])) } }
      guard let pivot = left.max(by: { $0.2 < $1.2 }), pivot.2 > 1e-5 * size else { break }
      matrix.swapAt(rank, pivot.0)
      for row in rank + 1..<max(rows, rank + 1) {
        let factor = matrix[row][pivot.1] / matrix[rank][pivot.1]
        for column in 0..<width { matrix[row][column] -= factor * matrix[rank][column] }
      }
      rank += 1
    }
    return rank
  }
}
