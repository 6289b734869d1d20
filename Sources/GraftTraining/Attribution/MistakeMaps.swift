import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages

/// Where a run's model sees what it takes images for, of its most confident mistakes: the content of `gradcam.json`.
public struct MistakeMaps: Hashable, Sendable, Codable {
  public struct Entry: Hashable, Sendable, Codable {
    /// As `Sample.path` names the file.
    public let path: String
    /// The position of a classification among the model's tasks.
    public let task: Int
    /// What the image was taken for.
    public let predicted: String
    public let map: ActivationMap
  }

  public static let fileName = "gradcam.json"

  /// The node whose feature map was weighed.
  public let layer: String
  /// What of an image the maps are of.
  public let view: EvaluationView
  public let maps: [Entry]

  public init(layer: String, view: EvaluationView, maps: [Entry]) {
    self.layer = layer
    self.view = view
    self.maps = maps
  }

  /// Those of one head.
  public func byPath(task: Int) -> [String: ActivationMap] {
    Dictionary(maps.filter { $0.task == task }.map { ($0.path, $0.map) }) { first, _ in first }
  }

  /// Explains mistakes by `GradCAM`.
  ///
  /// - Parameters:
  ///   - mistakes: of each classification, by its position among the tasks.
  ///   - samples: the validation images, among which the mistakes are found by their paths.
  public init(
    of mistakes: [(task: Int, mistakes: [ValidationPredictions.Mistake])], by model: TrainedModel,
    among samples: [Sample],
    precision: Precision
  ) async throws {
    let method = try GradCAM(model)
    let byPath = Dictionary(samples.map { ($0.path, $0) }) { first, _ in first }
    var maps: [Entry] = []
    for (task, mistakes) in mistakes where !mistakes.isEmpty {
      let positions = Dictionary(mistakes.map { ($0.path, $0.predicted) }) { first, _ in first }
      let names = model.tasks[task].names
      let (explanations, _) = try await method.explain(
        mistakes.compactMap { byPath[$0.path] }, precision: precision,
        output: { prediction in positions[prediction.sample.path].map { (task, $0) } })
      maps += explanations.map {
        Entry(path: $0.prediction.sample.path, task: $0.task, predicted: names[$0.output], map: $0.map.rounded)
      }
    }
    self.init(layer: method.layer, view: model.view, maps: maps)
  }

  /// - Throws: where the file is missing or not what `write` writes.
  public init(contentsOf url: URL) throws {
    self = try JSONDecoder().decode(MistakeMaps.self, from: Data(contentsOf: url))
    let sides = 1...(1 << 16)
    guard sides.contains(view.width), sides.contains(view.height) else {
      throw FormatError.malformed(
        path: url.path(percentEncoded: false), format: "Grad-CAM",
        reason: "no network sees images of \(view.width) × \(view.height) pixels")
    }
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `FormatError.writeFailed`.
  public func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let file = try encoder.encode(self)
    try AtomicFile.write(to: url) { try $0.write(file) }
  }
}
