import Foundation
import Graft

/// A stage of the plan on the network.
struct StageReport {
  let stage: ResolvedStage
  let text: PlanText
  let cost: PlanCost
  let cache: CachePlan

  init(_ stage: ResolvedStage, graph: LayerGraph, cache: ([LayerGraph.Node]) -> CachePlan) throws {
    self.stage = stage
    text = try PlanText(stage.freezePlan, graph: graph)
    cost = stage.freezePlan.cost(of: graph)
    self.cache = cache(text.frontier)
  }
}

/// What `plan --json` prints: the plan as it can be read again, the stages that it comes to on the network, and of the last
/// of them, in which most trains, the rest.
struct PlanReport: Encodable {
  struct Stage: Encodable {
    let name: String
    let epochs: Int
    let rate: String
    let layers: [LayerPlan]
    let cost: PlanCost
    let cache: CacheReport
  }

  struct FrontierTensor: Encodable {
    let name: String
    let shape: [Int]
  }

  let plan: TransferPlan
  let epochs: Int
  let stages: [Stage]
  let layers: [LayerPlan]
  let frontier: [FrontierTensor]
  let trainableParameters, totalParameters: Int
  let cache: CacheReport
  let advice: AdviceReport?
  /// null where no photographs were named.
  let estimate: TrainingEstimate?

  init(
    _ plan: TransferPlan, epochs: Int, _ reports: [StageReport], countsImages: Bool, _ advice: AdviceReport?,
    _ estimate: TrainingEstimate?
  ) {
    self.estimate = estimate
    self.advice = advice
    self.plan = plan
    self.epochs = epochs
    stages = reports.map { report in
      Stage(
        name: report.stage.name, epochs: report.stage.epochs, rate: report.stage.rate.description,
        layers: report.text.layers, cost: report.cost, cache: CacheReport(report.cache, countsImages: countsImages))
    }
    // A plan has at least one stage.
    let last = reports[reports.count - 1]
    layers = last.text.layers
    frontier = last.text.frontier.map { FrontierTensor(name: $0.name, shape: $0.shape.dimensions) }
    trainableParameters = last.text.trainable
    totalParameters = last.text.total
    cache = CacheReport(last.cache, countsImages: countsImages)
  }
}
