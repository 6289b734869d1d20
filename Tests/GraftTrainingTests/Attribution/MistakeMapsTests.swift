import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import Testing

@testable import GraftTraining

@Suite struct MistakeMapsTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  @Test func `mistakes are the most confident first, each with its map, and read back as written`() async throws {
    let model = try ToyDomain.model()
    let (found, _) = try await model.predict(task.validation)
    // Whatever the model says is said to be wrong.
    let predictions = ValidationPredictions(
      tasks: model.tasks,
      rows: found.map { prediction in
        let label = prediction.probabilities[0] > prediction.probabilities[1] ? 1 : 0
        return .init(path: prediction.sample.path, targets: [.oneClass(label)], outputs: prediction.outputs)
      })
    let mistakes = predictions.mistakes(ofTask: 0)
    #expect(mistakes.count == task.validation.count)
    #expect(zip(mistakes, mistakes.dropFirst()).allSatisfy { $0.probability >= $1.probability })
    #expect(mistakes.allSatisfy { $0.probability > $0.ofLabel && $0.label == 1 - $0.predicted })
    let maps = try await MistakeMaps(
      of: [(0, Array(mistakes.prefix(4)))], by: model, among: task.validation, precision: .float32)
    // A head without mistakes asks for nothing.
    let none = try await MistakeMaps(of: [(0, [])], by: model, among: [], precision: .float32)
    #expect(none.maps.isEmpty)
    #expect(maps.layer == "conv2" && maps.view == model.view)
    #expect(maps.maps.map(\.path) == mistakes.prefix(4).map(\.path))
    #expect(maps.maps.map(\.predicted) == mistakes.prefix(4).map { ToyTask.classes[$0.predicted] })
    let file = task.folder.appending(path: MistakeMaps.fileName)
    try maps.write(to: file)
    #expect(try MistakeMaps(contentsOf: file) == maps)
    #expect(maps.byPath(task: 0).count == 4 && maps.byPath(task: 1).isEmpty)
  }

  @Test(arguments: [
    #"{"rows": 2, "columns": 2, "values": [0, 1, 0]}"#, #"{"rows": 1, "columns": 1, "values": [1.5]}"#,
    #"{"rows": -1, "columns": -1, "values": [1]}"#, #"{"rows": 4611686018427387904, "columns": 4, "values": []}"#,
  ])
  func `a map that makes no sense is refused`(json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(ActivationMap.self, from: Data(json.utf8)) }
  }

  @Test func `a view that no network has is refused`() throws {
    let file = task.folder.appending(path: "damaged.json")
    for side in ["9000000000000000000", "0", "-8", "65537"] {
      let json = #"{"layer": "a", "maps": [], "view": {"width": \#(side), "height": 8, "resize": "squash"}}"#
      try Data(json.utf8).write(to: file)
      #expect(throws: FormatError.self) { try MistakeMaps(contentsOf: file) }
    }
  }
}
