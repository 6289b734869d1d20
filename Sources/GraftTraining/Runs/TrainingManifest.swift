import Foundation
import GraftEngine
import GraftFormats

/// What a run directory holds while its training is under way, beside checkpoints: how to go on with it, and what was settled
/// before the first step. `training.json`, which goes away when the training is through.
public struct TrainingManifest: Codable, Sendable {
  public static let name = "training.json"
  /// The folder of the checkpoints in the run directory.
  public static let checkpoints = "checkpoints"

  public var formatVersion = 1
  /// The words after the program's name.
  public var arguments: [String]
  /// What paths in them are relative to.
  public var workingDirectory: String
  public var started: Date
  /// What was settled, so that going on does not settle it anew.
  public var precisionChoice: PrecisionChoice
  /// nil where no head standardizes what it reads.
  public var featureStandardization: FeatureStandardization?
  /// The plan that was followed or found out; nil where the words say it all.
  public var plan: AdaptationPlan?
  /// The run that teaches: what goes on must find it as it was.
  public var teacher: TeacherRecord?
  /// With how many threads it has been computed so far, the number that it began with first; nil in manifests of older versions. Another
  /// number adds in another order, and so comes to other last bits.
  public var threads: [Int]?

  public init(
    arguments: [String], workingDirectory: String, started: Date, precisionChoice: PrecisionChoice,
    featureStandardization: FeatureStandardization? = nil, plan: AdaptationPlan? = nil, teacher: TeacherRecord? = nil,
    threads: Int = Machine.current.threads
  ) {
    self.arguments = arguments
    self.workingDirectory = workingDirectory
    self.started = started
    self.precisionChoice = precisionChoice
    self.featureStandardization = featureStandardization
    self.plan = plan
    self.teacher = teacher
    self.threads = [threads]
  }

  /// Notes with how many threads the training is gone on with.
  ///
  /// - Returns: whether they are so many for the first time.
  public mutating func note(threads count: Int) -> Bool {
    guard let threads, !threads.contains(count) else { return false }
    self.threads = threads + [count]
    return true
  }

  /// What the numbers of threads mean for the outcome, in a sentence; nil where it was one number all the time.
  public var threadsWarning: String? {
    guard let threads, let first = threads.first, threads.count > 1 else { return nil }
    let others = threads.dropFirst().map(String.init).joined(separator: " and ")
    return
      "this training began with \(first) \(first == 1 ? "thread" : "threads") and went on with \(others), so its last bits may "
      + "not be those that it would have come to. OMP_NUM_THREADS=\(first) asks for the first number"
  }

  /// Writes the manifest into the run directory, which is made where it is missing.
  ///
  /// - Throws: `FormatError` where nothing can be written.
  public func write(to run: URL) throws {
    try FileManager.default.makeFolder(run)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let json = try encoder.encode(self)
    try AtomicFile.write(to: run.appending(path: Self.name)) { try $0.write(json) }
  }

  /// - Throws: `TrainingError.notUnderWay` where the folder has none, `unreadableRun` where it makes no sense.
  public static func read(from run: URL) throws -> TrainingManifest {
    let file = run.appending(path: name)
    guard FileManager.default.fileExists(atPath: file.path) else {
      let isFinished = FileManager.default.fileExists(atPath: run.appending(path: RunDirectory.record).path)
      throw TrainingError.notUnderWay(path: run.relativePath, isFinished: isFinished)
    }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(TrainingManifest.self, from: Data(contentsOf: file))
    } catch {
      throw TrainingError.unreadableRun(path: file.relativePath, reason: "it is no manifest of a training (\(error))")
    }
  }

  /// Takes away checkpoints and manifest of a training that there is nothing to go on with.
  public static func remove(from run: URL) {
    for name in [checkpoints, name] { try? FileManager.default.removeItem(at: run.appending(path: name)) }
  }

  /// Ends a training whose run has been written. The manifest goes last: killed at any moment, the process leaves a training that can
  /// be gone on with, which cleans up, or a run beside which nothing lies.
  public static func end(_ run: URL, releasing lock: RunLock) {
    try? FileManager.default.removeItem(at: run.appending(path: checkpoints))
    lock.release()
    try? FileManager.default.removeItem(at: run.appending(path: name))
  }
}
