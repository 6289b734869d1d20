import Foundation
import GraftTraining

extension LinePlot {
  /// The loss over the learning rate, with the rates that are suggested.
  public init(_ curve: LearningRateCurve, _ advice: LearningRateAdvice) {
    // Of what ran away only the beginning is of use: the rest would press the valley flat.
    let smoothed = curve.points.map(\.smoothed).filter(\.isFinite)
    let (least, first) = (smoothed.min() ?? 0, smoothed.first ?? 1)
    let greatest = max(first, least) + max(first - least, abs(first) / 10) / 2
    let seen = curve.points.filter { $0.smoothed <= greatest || !$0.smoothed.isFinite }
    func points(_ value: (LearningRateCurve.Point) -> Double) -> [(x: Double, y: Double)] {
      seen.map { (x: $0.rate, y: min(value($0), greatest)) }
    }
    self.init(
      "Loss over the learning rate", xAxis: PlotAxis("learning rate", scale: .logarithmic),
      yAxis: PlotAxis("training loss"),
      series: [
        Series("each step", points: points(\.loss), style: .dashed, colour: 1),
        Series("smoothed", points: points(\.smoothed), colour: 0),
      ],
      marks: advice.suggestions.map {
        Mark(x: $0.rate, label: "\($0.rule.shortName) \(String(format: "%.2g", $0.rate))")
      })
  }
}

extension LearningRateAdvice.Suggestion.Rule {
  /// Beside its line.
  fileprivate var shortName: String {
    switch self {
    case .steepest: "steepest"
    case .tenthOfMinimum: "a tenth"
    case .valley: "valley"
    }
  }
}
