import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors

/// Models that tell the same, of which the mean is taken: those of a training on each of several folds, for one.
///
/// Members that begin alike, as those that were trained from one frozen network do, share that beginning: each photograph passes it
/// once, however many they are.
public struct ModelEnsemble: Sendable {
  public struct Member: Sendable {
    /// The run's folder, as the user named it.
    public let name: String
    public let model: TrainedModel
    /// What convolutions and dense layers multiply.
    public let precision: PrecisionChoice

    public init(name: String, model: TrainedModel, precision: PrecisionChoice) {
      self.name = name
      self.model = model
      self.precision = precision
    }
  }

  /// At least one; all have the first one's tasks.
  public let members: [Member]

  public var tasks: [PredictionTask] { members[0].model.tasks }

  /// - Throws: `TrainingError.differentTasks` where a member tells something else.
  /// - Precondition: there is a member.
  public init(_ members: [Member]) throws(TrainingError) {
    precondition(!members.isEmpty, "an ensemble of nothing")
    for member in members where member.model.tasks != members[0].model.tasks {
      throw .differentTasks(one: members[0].name, other: member.name)
    }
    self.members = members
  }

  /// The model of a run, or those of all runs right below a folder.
  ///
  /// - Parameter precision: nil for each run's own.
  /// - Throws: `TrainingError.notARun` where there is none; `.differentTasks`; what `ModelFiles.read` throws.
  public init(contentsOf folder: URL, precision: PrecisionChoice? = nil) throws {
    func member(_ folder: URL) throws -> Member {
      Member(
        name: folder.relativePath, model: try ModelFiles.read(from: folder),
        precision: try precision ?? .ofRun(folder))
    }
    if Self.isModel(folder) {
      try self.init([member(folder)])
      return
    }
    let below = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { !$0.hasPrefix(".") }.map { folder.appending(path: $0) }.filter(Self.isModel)
      .sorted { $0.path.compare($1.path, options: .numeric) == .orderedAscending }
    // The single run's own words say what is missing.
    try self.init(below.isEmpty ? [member(folder)] : below.map(member))
  }

  private static func isModel(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: ModelFiles.description).path)
  }

  /// Tells of images what the tasks are: the mean of what the members say, of probabilities as of values.
  ///
  /// - Parameters:
  ///   - isStrict: whether an unreadable image is an error instead of being skipped.
  ///   - report: called after each batch.
  /// - Returns: a prediction for each readable image, in the order given, and the images that were skipped.
  public func predict(
    _ samples: [Sample], isStrict: Bool = false, report: @escaping @Sendable (WorkProgress) -> Void = { _ in }
  ) async throws -> (predictions: [Prediction], skipped: [SkippedImage]) {
    if members.count == 1 {
      return try await members[0].model.predict(
        samples, precision: members[0].precision.precision, isStrict: isStrict, report: report)
    }
    var sums: [Sample: Prediction] = [:]
    var skipped: [Sample: SkippedImage] = [:]
    for (number, group) in groups.enumerated() {
      let (predictions, missing) = try await group.predict(samples, isStrict: isStrict, report: report)
      for image in missing { skipped[image.sample] = skipped[image.sample] ?? image }
      // What one group cannot read, nobody tells of.
      let found = Dictionary(predictions.map { ($0.sample, $0) }) { first, _ in first }
      sums = number == 0 ? found : sums.merging(found) { $0.adding($1) }
    }
    let told = samples.filter { skipped[$0] == nil }.compactMap { sums[$0]?.scaled(by: 1 / Float(members.count)) }
    return (told, samples.compactMap { skipped.removeValue(forKey: $0) })
  }

  /// The members by what is done to images before, and by precision.
  private var groups: [EnsembleGroup] {
    var groups: [EnsembleGroup] = []
    for member in members {
      if let index = groups.firstIndex(where: { $0.suits(member) }) {
        groups[index].models.append(member.model)
      } else {
        groups.append(EnsembleGroup(precision: member.precision.precision, models: [member.model]))
      }
    }
    return groups
  }
}

extension Prediction {
  fileprivate func adding(_ other: Prediction) -> Prediction {
    Prediction(sample: sample, tasks: tasks, outputs: zip(outputs, other.outputs).map { zip($0, $1).map(+) })
  }

  fileprivate func scaled(by factor: Float) -> Prediction {
    Prediction(sample: sample, tasks: tasks, outputs: outputs.map { $0.map { $0 * factor } })
  }
}
