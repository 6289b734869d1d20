import GraftGraph

/// What two plans do differently to one network, in words.
public struct PlanDifference: Hashable, Sendable, Codable {
  /// `stage 2`, `stage 2, conv4_1 … conv5_3`.
  public let place: String
  public let before: String
  public let now: String
}

extension PlanDifference: CustomStringConvertible {
  public var description: String { "\(place): \(before) → \(now)" }
}

extension ResolvedPlan {
  /// What this plan does otherwise than another on the same network: first each stage's epochs, rate and selector, then
  /// its layers, those in one where several in a row differ alike.
  public func difference(from other: ResolvedPlan) -> [PlanDifference] {
    var result: [PlanDifference] = []
    for index in 0..<max(stages.count, other.stages.count) {
      let place = "stage \(index + 1)"
      guard stages.indices.contains(index), other.stages.indices.contains(index) else {
        let isNew = stages.indices.contains(index)
        let words = isNew ? stages[index].words : other.stages[index].words
        result.append(PlanDifference(place: place, before: isNew ? "none" : words, now: isNew ? words : "none"))
        continue
      }
      let (now, before) = (stages[index], other.stages[index])
      if now.words != before.words {
        result.append(PlanDifference(place: place, before: before.words, now: now.words))
      }
      result += Self.differences(now.layerWords(in: self), from: before.layerWords(in: other), place: place)
    }
    return result
  }
}

extension ResolvedStage {
  fileprivate var words: String { "\(name), \(epochs) \(epochs == 1 ? "epoch" : "epochs") at \(rateWords)" }

  private var rateWords: String { rate == .factor(1) ? "lr" : rate.description }

  /// What happens to each layer of the network as it was given; a layer's adapters are its own.
  fileprivate func layerWords(in plan: ResolvedPlan) -> [ResolvedPlan.LayerWords] {
    let specifications = Dictionary(grouping: plan.graph.parameters.filter(\.isTrainable), by: \.layer)
    let adapted = plan.adapters?.layers ?? []
    let learnt = Set(
      adapted.flatMap { [LowRankAdapters.names(beside: $0).down, LowRankAdapters.names(beside: $0).up] })
    return freezePlan.layers(of: plan.graph).filter { !learnt.contains($0.layer) }.map { layer in
      let product = LowRankAdapters.names(beside: layer.layer).down
      let isAdapted = adapted.contains(layer.layer) && parameters["\(product)/kernel"]?.trains == true
      let moving = (specifications[layer.layer] ?? []) + (isAdapted ? specifications[product] ?? [] : [])
      let plans = moving.compactMap { parameters[$0.name] }.filter(\.trains)
      var words = [layer.words] + (isAdapted ? ["a product of rank \(plan.adapters?.rank ?? 0) trains beside it"] : [])
      let rates = Set(plans.map(\.rate)).subtracting([1])
      if !rates.isEmpty { words.append("\(rates.sorted().map(\.short).joined(separator: ", ")) × the rate") }
      if let pulled = plans.first(where: { $0.decay > 0 }) {
        words.append("decays by \(pulled.decay.plain) towards \(pulled.decaysTowardsStart ? "its start" : "zero")")
      }
      return (layer.layer, layer.batchNorm != nil, words.joined(separator: ", "))
    }
  }
}

extension ResolvedPlan {
  fileprivate typealias LayerWords = (layer: String, isNorm: Bool, words: String)

  fileprivate static func differences(
    _ now: [LayerWords], from before: [LayerWords], place: String
  ) -> [PlanDifference] {
    var runs: [(layers: [String], isNorm: Bool, before: String, now: String)] = []
    var follows: [Bool: Int] = [:]
    for (now, before) in zip(now, before) {
      guard now.words != before.words else {
        follows[now.isNorm] = nil
        continue
      }
      if let run = follows[now.isNorm], runs[run].before == before.words, runs[run].now == now.words {
        runs[run].layers.append(now.layer)
      } else {
        follows[now.isNorm] = runs.count
        runs.append(([now.layer], now.isNorm, before.words, now.words))
      }
    }
    return runs.map { run in
      let count = run.layers.count
      let names = count == 1 ? run.layers[0] : "\(run.layers[0]) … \(run.layers[count - 1])"
      let kind = count == 1 ? "" : " (\(count) \(run.isNorm ? "batch normalisations" : "layers"))"
      return PlanDifference(place: "\(place), \(names)\(kind)", before: run.before, now: run.now)
    }
  }
}

extension LayerPlan {
  /// `trains`, `frozen`, `only bias trains`, and for a batch normalisation which statistics are used.
  public var words: String {
    if let batchNorm { return "\(affineWords(batchNorm)); \(batchNorm.words)" }
    guard let trainableRoles else { return trains ? "trains" : "frozen" }
    return
      "only \(trainableRoles.map(\.words).joined(separator: ", ")) \(trainableRoles.count == 1 ? "trains" : "train")"
  }

  private func affineWords(_ batchNorm: BatchNorm) -> String {
    guard let trainableRoles else { return "γ, β \(batchNorm.affineTrains ? "train" : "frozen")" }
    return "only \(trainableRoles.map(\.words).joined(separator: ", ")) trains"
  }
}

extension LayerPlan.BatchNorm {
  /// Which statistics are used, and whether the moving ones move.
  public var words: String {
    usesBatchStatistics
      ? "statistics of the batch, moving ones \(statisticsUpdate ? "updated" : "kept")" : "moving statistics, kept"
  }
}

extension ParameterSpecification.Role {
  fileprivate var words: String {
    switch self {
    case .gamma: "γ"
    case .beta: "β"
    case .alpha: "α"
    default: rawValue.replacing("_", with: " ")
    }
  }
}

extension Double {
  /// In three digits.
  var short: String {
    guard isFinite, self != 0 else { return "\(self)" }
    var scale = 1.0
    while abs(self) * scale < 100 { scale *= 10 }
    return ((self * scale).rounded() / scale).plain
  }
}
