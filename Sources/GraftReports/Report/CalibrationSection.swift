import GraftLearning

extension ReportSection {
  static func calibration(_ figures: ClassificationFigures) -> ReportSection? {
    guard let calibration = figures.report.calibration else { return nil }
    return ReportSection("calibration", "Calibration") {
      element("div", ["class": "plots few"]) {
        figure(
          "Bars and dots on the dashed line: the model is right as often as it says. Below it, it says too much. A paler bar "
            + "has fewer images behind it.", ReliabilityPlot(bins: calibration.bins).markup)
        element("div") {
          facts([
            ("Expected calibration error", NumberText.percent(calibration.expectedError)),
            ("Largest of a bar", NumberText.percent(calibration.largestError)),
            ("Best temperature", figures.temperature.map { NumberText.fixed($0.value, 2) }),
            (
              "Expected calibration error at that temperature",
              figures.temperature?.calibration.map { NumberText.percent($0.expectedError) }
            ),
          ])
          if let temperature = figures.temperature?.value {
            element("p", [:], Self.meaning(of: temperature))
          }
        }
      }
    }
  }

  private static func meaning(of temperature: Double) -> String {
    if temperature > 1.1 {
      return "Dividing the logits by a temperature above 1 makes these probabilities truer: the model is surer than it "
        + "should be."
    } else if temperature < 0.9 {
      return
        "Dividing the logits by a temperature below 1 makes these probabilities truer: the model is less sure than "
        + "it could be."
    }
    return "The temperature is close to 1: there is little to gain by scaling the logits."
  }
}
