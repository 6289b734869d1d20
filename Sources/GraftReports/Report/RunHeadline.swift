import Foundation
import GraftGraph
import GraftTraining

/// What a run is, and what came of it, at a glance.
struct RunHeadline {
  let title: String
  private let run: RunFolder
  private let result: String?
  private let tiles: [MetricFigure]

  init(_ run: RunFolder, predictions: ValidationPredictions?) {
    self.run = run
    let data = run.data.map { URL(filePath: $0).lastPathComponent }
    title = [run.backbone, data].compactMap { $0 }.joined(separator: " on ")
    let outcome = RunOutcome(run, predictions: predictions, resamples: true)
    result = outcome?.sentence
    tiles = outcome?.tiles ?? []
  }

  var markup: Markup {
    element("header") {
      element("h1", [:], title.isEmpty ? "A run" : title)
      element("div", ["class": "quiet"], facts)
      if let result { element("p", ["class": "result"], result) }
      if run.wasInterrupted {
        element("p", ["class": "warning"], "The training was interrupted before its last epoch.")
      }
      if run.record["frozen_unchanged"]?.bool == false {
        element(
          "p", ["class": "warning"],
          "A frozen tensor is not what the source file has. That must not be: please report it.")
      }
      if !tiles.isEmpty {
        element("dl", ["class": "tiles"]) {
          for tile in tiles {
            element("div") {
              element("dt", [:], tile.name)
              element("dd", [:], tile.text)
              if let interval = tile.intervalText { element("dd", ["class": "interval"], interval) }
            }
          }
        }
        if tiles.contains(where: { $0.interval != nil }) {
          element(
            "p", ["class": "note"],
            "Small numbers: where each would lie for 95\u{a0}% of other photographs of the same kind, by Wilson's interval for "
              + "shares of photographs and by the bootstrap for the others.")
        }
      }
    }
  }

  private var facts: String {
    [
      run.url.standardizedFileURL.lastPathComponent, run.startedText,
      run.weights.map { $0.hasPrefix("/") ? URL(filePath: $0).lastPathComponent : $0 },
      run.trained.isEmpty ? nil : "trained: \(run.trained)",
      run.seconds.map { NumberText.duration($0) },
    ].compactMap { $0 }.joined(separator: " · ")
  }
}
