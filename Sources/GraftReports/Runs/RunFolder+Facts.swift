import Foundation
import GraftTraining

// What a run's files say, by the names that any version has given it.
extension RunFolder {
  var backbone: String? { record["source"]?["backbone"]?.string }
  /// The published file that the weights are, else the file's name.
  var weights: String? { record["source"]?["known_as"]?.string ?? weightFile }
  var weightFile: String? { record["source"]?["weights"]?.string }
  var data: String? { record["data"]?.string }
  var savedEpoch: Int? { record["saved_epoch"]?.int }
  var seconds: Double? { record["seconds"]?.double }
  var trainingImages: Int? { record["images_train"]?.int }
  var validationImages: Int? { record["images_val"]?.int }
  /// Whether it ended before all its epochs by somebody's word.
  public var wasInterrupted: Bool { record["was_interrupted"]?.bool ?? false }

  var started: Date? {
    record["started"]?.string.flatMap { try? Date($0, strategy: .iso8601) }
  }

  /// `2026-11-23 05:23 UTC`: alike wherever it is read.
  var startedText: String? {
    started.map {
      let text = $0.formatted(.iso8601)
      return text.prefix(10) + " " + text.dropFirst(11).prefix(5) + " UTC"
    }
  }

  /// Paths and reasons of images that were left out, in the order of the paths.
  public var skipped: [(path: String, reason: String)] {
    (record["skipped"]?.members ?? []).map { ($0.key, $0.value.line) }
  }

  /// One stage of the training.
  struct Stage {
    let unfreeze: String
    let epochs: Int?
    let learningRate: Double?
    /// Everything else that is said of it.
    let others: [(key: String, value: JSONValue)]
  }

  /// What trained, in the order in which it did: of the plan, else of the record.
  var stages: [Stage] {
    if let stages = plan?["stages"]?.array, !stages.isEmpty {
      return stages.map { stage in
        let known = ["unfreeze", "epochs", "learningRate", "learning_rate"]
        return Stage(
          unfreeze: stage["unfreeze"]?.line ?? "–", epochs: stage["epochs"]?.int,
          learningRate: stage["learning_rate"]?.double, others: (stage.members ?? []).filter { !known.contains($0.key) }
        )
      }
    }
    let configuration = record["configuration"]
    guard let unfreeze = record["unfreeze"]?.string else { return [] }
    return [
      Stage(
        unfreeze: unfreeze, epochs: configuration?["epochs"]?.int,
        learningRate: configuration?["learning_rate"]?.double, others: [])
    ]
  }

  /// `head → last:1 → all`.
  var trained: String { stages.map(\.unfreeze).joined(separator: " → ") }

  var reasons: [String] { plan?["reasons"]?.strings ?? [] }

  /// The history's row of the epoch that was saved.
  var savedRow: Int? {
    guard let history, let savedEpoch else { return nil }
    return history.epochs.firstIndex(of: savedEpoch)
  }

  /// A metric in the epoch that was saved.
  func saved(_ column: String) -> Double? {
    guard let savedRow, let number = history?.numbers(column)?[savedRow] else { return nil }
    return number
  }

  /// The first epoch of each stage but the first, by the history's column `stage`, else by the plan's numbers.
  var stageBeginnings: [(epoch: Int, name: String)] {
    guard let history, history.count > 0 else { return [] }
    let stages = stages
    func name(_ index: Int) -> String { stages.indices.contains(index) ? stages[index].unfreeze : "stage \(index + 1)" }
    if let column = history.texts("stage") {
      var beginnings: [(epoch: Int, name: String)] = []
      for row in column.indices.dropFirst() where column[row] != column[row - 1] {
        let number = Int(column[row]).map { _ in beginnings.count + 1 }
        beginnings.append((history.epochs[row], number.map(name) ?? column[row]))
      }
      return beginnings
    }
    var (epoch, beginnings) = (1, [(epoch: Int, name: String)]())
    for index in stages.indices.dropLast() {
      guard let count = stages[index].epochs, (0..<history.count).contains(count) else { return beginnings }
      epoch += count
      if epoch <= history.count { beginnings.append((epoch, name(index + 1))) }
    }
    return beginnings
  }
}
