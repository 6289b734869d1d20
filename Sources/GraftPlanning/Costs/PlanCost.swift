import GraftGraph
import GraftTensors

/// What a plan costs for one image, counted and not measured.
public struct PlanCost: Hashable, Sendable, Codable {
  /// Work for one image.
  public struct Work: Hashable, Sendable, Codable {
    public var multiplyAdds: Int
    /// See `Layer.elementOperations(for:)`.
    public var elementOperations: Int

    public init(multiplyAdds: Int = 0, elementOperations: Int = 0) {
      self.multiplyAdds = multiplyAdds
      self.elementOperations = elementOperations
    }

    public static func + (first: Work, second: Work) -> Work {
      Work(
        multiplyAdds: first.multiplyAdds.saturating(second.multiplyAdds),
        elementOperations: first.elementOperations.saturating(second.elementOperations))
    }
  }

  /// What is remembered of each image.
  public struct FrontierTensor: Hashable, Sendable, Codable {
    public let name: String
    /// Of one image.
    public let shape: [Int]
    /// In float32.
    public let bytes: Int
  }

  /// A stage of the network, or the layers before, between or after its stages.
  public struct StageCost: Hashable, Sendable, Codable {
    /// Nil where the network names none.
    public let stage: String?
    public var parameters = 0
    public var trainableParameters = 0
    public var forward = Work()
    public var backward = Work()
  }

  /// Numbers of the network, statistics and constants among them.
  public let parameters: Int
  public let trainableParameters: Int
  /// Of the frozen part, which runs once for each view of an image.
  public let prefix: Work
  /// Of the rest, in every epoch.
  public let forward: Work
  /// In every epoch too: for each layer its forward work once for the gradient of its input, where something below it
  /// trains, and once for the gradient of its kernels, where they train.
  public let backward: Work
  public let frontier: [FrontierTensor]
  /// In the order in which the network computes.
  public let stages: [StageCost]

  /// What is remembered of one view of one image, in bytes.
  public var frontierBytes: Int { frontier.reduce(0) { $0.saturating($1.bytes) } }
  /// Forward and backward.
  public var training: Work { forward + backward }
}

extension Int {
  /// The sum, or the largest number there is.
  func saturating(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}

extension FreezePlan {
  /// What the plan costs on a network for one image.
  ///
  /// - Parameter graph: backbone and head.
  public func cost(of graph: LayerGraph) -> PlanCost {
    let roles = NodeRoles(self, graph)
    let stageByNode = graph.stageByNode
    var (prefix, forward, backward) = (PlanCost.Work(), PlanCost.Work(), PlanCost.Work())
    var stages: [PlanCost.StageCost] = []
    var counted: Set<String> = []
    for node in graph.nodes where !(node.layer is InputLayer) {
      let stage = stageByNode[node.name]
      let index = stages.place(of: stage)
      if counted.insert(node.layer.name).inserted {
        stages[index].parameters += node.parameters.reduce(0) { $0 + $1.shape.count }
        stages[index].trainableParameters += node.parameters.filter(trains).reduce(0) { $0 + $1.shape.count }
      }
      let work = PlanCost.Work(multiplyAdds: node.multiplyAdds, elementOperations: node.elementOperations)
      if roles.prefix.contains(node.name) { prefix = prefix + work }
      if roles.suffix.contains(node.name) { forward = forward + work }
      if roles.prefix.contains(node.name) || roles.suffix.contains(node.name) {
        stages[index].forward = stages[index].forward + work
      }
      let gradients = roles.gradients(of: node, trains: trains)
      var ofNode = PlanCost.Work()
      if gradients.ofInput { ofNode = ofNode + work }
      // What counts element by element gives both gradients in one go.
      if gradients.ofParameters {
        ofNode =
          ofNode
          + PlanCost.Work(
            multiplyAdds: gradients.ofKernels ? work.multiplyAdds : 0,
            elementOperations: gradients.ofInput ? 0 : work.elementOperations)
      }
      stages[index].backward = stages[index].backward + ofNode
      backward = backward + ofNode
    }
    let trainable = trainableParameters(of: graph).reduce(0) { $0 + $1.shape.count }
    return PlanCost(
      parameters: graph.parameterCount, trainableParameters: trainable, prefix: prefix, forward: forward,
      backward: backward,
      frontier: frontier(of: graph).compactMap { graph[$0] }.map {
        PlanCost.FrontierTensor(
          name: $0.name, shape: $0.shape.dimensions, bytes: [$0.shape.count, 4].saturatingProduct)
      }, stages: stages)
  }
}

extension [PlanCost.StageCost] {
  /// Where a stage stands, at the end if it is new; nodes of no stage are put together where they follow each other.
  fileprivate mutating func place(of stage: String?) -> Int {
    if let stage, let index = firstIndex(where: { $0.stage == stage }) { return index }
    if stage != nil || last?.stage != nil || isEmpty { append(PlanCost.StageCost(stage: stage)) }
    return count - 1
  }
}

/// On which side of the frontier each node lies, and where gradients flow.
struct NodeRoles {
  /// What is computed once for each image.
  let prefix: Set<String>
  /// What is computed in every epoch.
  let suffix: Set<String>
  /// Nodes whose output depends on something that trains.
  private let differentiable: Set<String>

  init(_ plan: FreezePlan, _ graph: LayerGraph) {
    let frontier = plan.frontier(of: graph)
    prefix = graph.ancestors(of: frontier)
    suffix = graph.ancestors(of: graph.outputs, stoppingAt: Set(frontier)).subtracting(frontier)
    differentiable = graph.descendants(
      of: graph.nodes.filter { $0.parameters.contains(where: plan.trains) }.map(\.name))
  }

  struct Gradients {
    let ofInput, ofParameters, ofKernels: Bool
  }

  /// Which gradients a node's backward pass leaves.
  func gradients(of node: LayerGraph.Node, trains: (ParameterSpecification) -> Bool) -> Gradients {
    guard suffix.contains(node.name), differentiable.contains(node.name) else {
      return Gradients(ofInput: false, ofParameters: false, ofKernels: false)
    }
    let trained = node.parameters.filter(trains)
    return Gradients(
      ofInput: node.inputs.contains(where: differentiable.contains), ofParameters: !trained.isEmpty,
      ofKernels: trained.contains { $0.role.isKernel })
  }
}
