import Foundation
import Graft

extension PlanCost {
  /// What the plan costs, stage by stage of the network: one line for each.
  var table: String {
    let rows = stages.filter { $0.forward.multiplyAdds > 0 || $0.parameters > 0 }.map { stage in
      [
        stage.stage ?? "", stage.parameters.formatted(), stage.trainableParameters.formatted(),
        millions(stage.forward.multiplyAdds), millions(stage.backward.multiplyAdds),
      ]
    }
    return columns(["stage", "parameters", "train", "forward", "backward"], rows)
  }

  /// Multiply-adds for one image, once and in every epoch.
  var sentence: String {
    let once = prefix.multiplyAdds == 0 ? "" : "\(millions(prefix.multiplyAdds)) once for each view, "
    return "multiply-adds an image: \(once)\(millions(forward.multiplyAdds)) forward and "
      + "\(millions(backward.multiplyAdds)) backward in every epoch"
  }
}

/// `0`, `0.02 M`, `351 M`, `15,470 M`.
private func millions(_ count: Int) -> String {
  guard count > 0 else { return "0" }
  let millions = Double(count) / 1e6
  guard millions < 100 else { return Int(millions.rounded()).formatted() + " M" }
  return millions.formatted(.number.precision(.significantDigits(1...2))) + " M"
}

extension ResolvedStage {
  /// `stage 2, last:1: 5 epochs at lr/10`.
  func title(_ number: Int) -> String {
    let pace = rate == .factor(1) ? "lr" : rate.description
    return "stage \(number), \(name): \(epochs.formatted()) \(epochs == 1 ? "epoch" : "epochs") at \(pace)"
  }
}
