import Foundation
import Graft

extension AdvisedBackbones {
  /// All that was found out, and the plan that follows.
  var text: String {
    var lines: [String] = []
    if advice.count > 1 { lines += [rankingTable, ""] }
    lines += [best.sourceTable, "", best.candidateTable, "", "recommended: \(best.recommended.depth.words)"]
    if best.exceedsLimits { lines.append("no plan fits what is allowed; this one comes nearest") }
    lines += best.plan.reasons.map { "- \($0)" }
    if advice.count > 1 {
      lines.append("- of the networks, \(choices[ranking[0]].backbone) promises most for its time")
    }
    lines += [
      "", "plan: \(best.plan.line)", "predicted: \(duration(best.recommended.seconds)) in all", "run it: \(command)",
    ]
    return lines.joined(separator: "\n")
  }

  private var rankingTable: String {
    columns(
      ["rank", "network", "a head alone", "with its plan", "plan", "in all"],
      ranking.enumerated().map { rank, index in
        let advice = advice[index]
        return [
          "\(rank + 1)", choices[index].backbone, percent(advice.facts.output.accuracy),
          "about " + percent(advice.expectedAccuracy), advice.recommended.depth.words,
          duration(advice.recommended.seconds),
        ]
      })
  }
}

extension Advice {
  /// What the features of each stage are worth, one line for each.
  fileprivate var sourceTable: String {
    let of = probed < available ? "\(probed.formatted()) of \(available.formatted())" : probed.formatted()
    return "features of \(of) photographs, without any training:\n"
      + columns(
        ["features of", "depth", "width", "linear head", "95 % interval", "5 nearest", "LogME", "between classes"],
        facts.probes.map { probe in
          [
            probe.source.name, percent(probe.source.depth, digits: 0), "\(probe.source.shape[0])",
            percent(probe.accuracy), "\(percent(probe.interval.lowerBound)) – \(percent(probe.interval.upperBound))",
            percent(probe.neighbours), String(format: "%.3f", probe.logME), percent(probe.separability, digits: 0),
          ]
        })
  }

  /// What could be trained, and what it takes.
  fileprivate var candidateTable: String {
    columns(
      ["what trains", "parameters", "multiply-adds an epoch", "expected gain", "epochs", "seconds an epoch", "in all"],
      candidates.map { candidate in
        let isSolved = candidate.depth == .head
        return [
          candidate.depth.words, candidate.trainableParameters.formatted(),
          isSolved ? "" : (candidate.cost.training.multiplyAdds / 1_000_000).formatted() + " M an image",
          isSolved ? "" : String(format: "%+.1f points", candidate.expectedGain * 100),
          isSolved ? "solved" : "\(candidate.plan.epochs ?? 0)",
          isSolved ? "" : String(format: "%.1f", candidate.secondsPerEpoch), duration(candidate.seconds),
        ]
      })
  }
}

extension AdaptationPlan {
  /// The plan in a line.
  fileprivate var line: String {
    var parts = [transfer.stages.description]
    if let solver { parts.insert("the head solved (\(solver.kind.rawValue))", at: 0) }
    if transfer.stages == StagedPlan(.head), solver != nil { parts.removeLast() }
    if let optimizer, let learningRate {
      parts.append("\(optimizer.kind.rawValue) at \(learningRate)" + (schedule.map { ", \($0)" } ?? ""))
    }
    if transfer.rates != .uniform { parts.append("rates \(transfer.rates)") }
    if let batch { parts.append("batches of \(batch)") }
    if let augmentation { parts.append("augmentation \(augmentation)") }
    return parts.joined(separator: "; ")
  }
}

private func percent(_ share: Double, digits: Int = 1) -> String {
  share.formatted(.percent.precision(.fractionLength(digits)))
}

/// `8 s`, `3:20 min`.
func duration(_ seconds: Double) -> String {
  seconds < 100 ? seconds.formatted(.number.precision(.significantDigits(1...2))) + " s" : clock(seconds)
}

/// What `plan --data --json` says of how it came to the plan.
struct AdviceReport: Encodable {
  struct Network: Encodable {
    let backbone: String
    let weights: String?
    let rank: Int
    let expectedAccuracy: Double
    let advice: Advice
  }

  let recommended: AdaptationPlan
  let isClear: Bool
  let predictedSeconds: Double
  let command: String
  let networks: [Network]

  init(_ advised: AdvisedBackbones) {
    recommended = advised.best.plan
    isClear = advised.best.isClear
    predictedSeconds = advised.best.recommended.seconds
    command = advised.command
    networks = advised.ranking.enumerated().map { rank, index in
      let (choice, advice) = (advised.choices[index], advised.advice[index])
      return Network(
        backbone: choice.backbone, weights: choice.weights, rank: rank + 1,
        expectedAccuracy: advice.expectedAccuracy, advice: advice)
    }
  }
}
