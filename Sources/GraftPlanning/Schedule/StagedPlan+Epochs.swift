import GraftGraph

extension StagedPlan {
  /// How many epochs each stage takes: as it says, and of what is left of the training's, those that say nothing share
  /// evenly, the later ones one more where it does not come out. Where every stage says a number, the training takes
  /// their sum.
  ///
  /// - Parameter epochs: of the whole training.
  /// - Throws: `PlanningError.noEpochsLeft` where a stage would have none.
  public func allotting(epochs: Int) throws(PlanningError) -> [Int] {
    let named = stages.compactMap(\.epochs).reduce(0) { $0.saturatingSum($1) }
    let open = stages.filter { $0.epochs == nil }
    guard let first = open.first else { return stages.compactMap(\.epochs) }
    let left = max(epochs - named, 0)
    guard left >= open.count else {
      throw .noEpochsLeft(stage: first.description, named: named, epochs: epochs)
    }
    let (share, rest) = (left / open.count, left % open.count)
    var waiting = open.count
    return stages.map { stage in
      if let epochs = stage.epochs { return epochs }
      waiting -= 1
      return share + (waiting < rest ? 1 : 0)
    }
  }

  /// The plan with each `gradual` written out: the head alone where the training begins with it, then one stage of the
  /// backbone more at a time, and all of it at last. Steps that epochs do not suffice for are left out, and the last one
  /// takes what is left.
  ///
  /// - Parameter epochs: what each stage takes.
  func writingOut(_ epochs: [Int], stages count: Int) -> [(stage: PlanStage, epochs: Int)] {
    var result: [(PlanStage, Int)] = []
    for (stage, epochs) in zip(stages, epochs) {
      guard case .gradual(let each) = stage.scope else {
        result.append((stage, epochs))
        continue
      }
      let scopes = (result.isEmpty ? [LayerSelector.head] : []) + (1..<max(count, 1)).map { .lastStages($0) } + [.all]
      let steps = scopes.prefix(max(epochs / each, 1))
      for (index, scope) in steps.enumerated() {
        var step = stage
        step.scope = .selector(scope)
        result.append((step, index == steps.count - 1 ? epochs - each * index : each))
      }
    }
    return result
  }
}

extension Int {
  fileprivate func saturatingSum(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}
