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

extension [ResolvedStage] {
  /// What these stages do otherwise than others on the same network: first each stage's epochs, rate and selector, then
  /// its layers, those in one where several in a row differ alike.
  ///
  /// - Parameter graph: on which both were resolved.
  public func difference(from other: [ResolvedStage], on graph: LayerGraph) -> [PlanDifference] {
    var result: [PlanDifference] = []
    for index in 0..<Swift.max(count, other.count) {
      let place = "stage \(index + 1)"
      guard indices.contains(index), other.indices.contains(index) else {
        let stage = indices.contains(index) ? self[index] : other[index]
        result.append(
          PlanDifference(
            place: place, before: indices.contains(index) ? "none" : stage.words,
            now: indices.contains(index) ? stage.words : "none"))
        continue
      }
      if self[index].words != other[index].words {
        result.append(PlanDifference(place: place, before: other[index].words, now: self[index].words))
      }
      result += self[index].layerDifferences(from: other[index], on: graph, place: place)
    }
    return result
  }
}

extension ResolvedStage {
  fileprivate var words: String { "\(name), \(epochs) \(epochs == 1 ? "epoch" : "epochs") at \(rateWords)" }

  private var rateWords: String { rate == .factor(1) ? "lr" : rate.description }

  fileprivate func layerDifferences(
    from other: ResolvedStage, on graph: LayerGraph, place: String
  ) -> [PlanDifference] {
    let pairs = zip(layerWords(on: graph), other.layerWords(on: graph))
    var runs: [(layers: [String], isNorm: Bool, before: String, now: String)] = []
    var follows: [Bool: Int] = [:]
    for (now, before) in pairs {
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

  /// What happens to each layer.
  private func layerWords(on graph: LayerGraph) -> [(layer: String, isNorm: Bool, words: String)] {
    let specifications = Dictionary(grouping: graph.parameters.filter(\.isTrainable), by: \.layer)
    return freezePlan.layers(of: graph).map { layer in
      let plans = (specifications[layer.layer] ?? []).compactMap { parameters[$0.name] }.filter(\.trains)
      var words = [layer.words]
      let rates = Set(plans.map(\.rate)).subtracting([1])
      if !rates.isEmpty { words.append("\(rates.sorted().map(\.short).joined(separator: ", ")) × the rate") }
      if let pulled = plans.first(where: { $0.decay > 0 }) {
        words.append("decays by \(pulled.decay.plain) towards \(pulled.decaysTowardsStart ? "its start" : "zero")")
      }
      return (layer.layer, layer.batchNorm != nil, words.joined(separator: ", "))
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
