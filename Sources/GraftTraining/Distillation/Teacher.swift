import Foundation
import GraftEngine
import GraftFormats
import GraftGraph

/// A trained network that another one learns from beside the labels (`Distillation`).
public struct Teacher: Sendable {
  public let model: TrainedModel
  /// What its convolutions and dense layers multiply.
  public let precision: Precision
  /// Which run it is; nil for a model of none.
  public let record: TeacherRecord?

  public init(_ model: TrainedModel, precision: Precision = .float32) {
    self.model = model
    self.precision = precision
    record = nil
  }

  /// A run's model, in the run's precision.
  ///
  /// - Throws: `TrainingError.notARun`, `.unreadableRun`; `FormatError`.
  public init(run: URL) throws {
    model = try ModelFiles.read(from: run)
    precision = try PrecisionChoice.ofRun(run).precision
    record = TeacherRecord(
      run: run.relativePath,
      sha256: try ContentHash.sha256(contentsOf: run.appending(path: ModelFiles.description)), precision: precision)
  }
}

/// What a run's record says of the teacher.
public struct TeacherRecord: Hashable, Sendable, Codable {
  /// As the user named it.
  public var run: String
  /// Of its `model.json`, in which every tensor's own hash stands: where this is the same, so is the model.
  public var sha256: String
  public var precision: Precision

  public init(run: String, sha256: String, precision: Precision) {
    self.run = run
    self.sha256 = sha256
    self.precision = precision
  }
}

extension Teacher {
  /// For each class of a student, the teacher's output that is of it.
  ///
  /// - Throws: `TrainingError.unsuitedTeacher` where the two do not tell the same classes apart.
  func columns(for tasks: [PredictionTask]) throws(TrainingError) -> [Int] {
    guard tasks.count == 1, case .classification(let classes) = tasks[0] else {
      throw unsuited("these photographs are not of one class each, and only for those can a network teach another")
    }
    guard model.tasks.count == 1, case .classification(let known) = model.tasks[0] else {
      throw unsuited("it does not tell classes apart, or tells several things at once")
    }
    let places = Dictionary(zip(known, known.indices), uniquingKeysWith: { first, _ in first })
    let missing = classes.filter { places[$0] == nil }
    let others = known.filter { !classes.contains($0) }
    guard missing.isEmpty, others.isEmpty else {
      let reasons = [("it does not know ", missing), ("these photographs show no ", others)]
        .filter { !$0.1.isEmpty }.map { $0.0 + Self.list($0.1) }
      throw unsuited(reasons.joined(separator: "; "))
    }
    return classes.compactMap { places[$0] }
  }

  private func unsuited(_ reason: String) -> TrainingError {
    .unsuitedTeacher(path: record?.run ?? "the model", reason: reason)
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(5).map { "“\($0)”" }.joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}
