import Foundation
import GraftFormats
import GraftImages
import GraftLearning
import GraftPlanning

/// A training as a plan: what trains when and how fast, by which means, and why. What `graft plan --data` recommends, `graft
/// finetune --plan` runs, and a run directory keeps as `plan.json`.
///
/// What is nil is left to the command's own default.
public struct AdaptationPlan: Hashable, Sendable, Codable {
  public static let name = "plan.json"

  public var formatVersion = 1
  public var transfer: TransferPlan
  /// Computes the head before anything else trains; where the only stage is the head alone, in its place.
  public var solver: HeadSolver?
  /// Of all stages that do not say theirs.
  public var epochs: Int?
  public var batch: Int?
  public var learningRate: Double?
  public var optimizer: OptimizerSettings?
  public var schedule: LearningRateSchedule?
  /// As `--augment` takes it: `crop,flip`; `none` for none.
  public var augmentation: String?
  public var views: Int?
  /// Epochs without a better one that end the training.
  public var patience: Int?
  /// In plain words, the most important first.
  public var reasons: [String]

  public init(
    _ transfer: TransferPlan = TransferPlan(), solver: HeadSolver? = nil, epochs: Int? = nil, batch: Int? = nil,
    learningRate: Double? = nil, optimizer: OptimizerSettings? = nil, schedule: LearningRateSchedule? = nil,
    augmentation: String? = nil, views: Int? = nil, patience: Int? = nil, reasons: [String] = []
  ) {
    self.transfer = transfer
    self.solver = solver
    self.epochs = epochs
    self.batch = batch
    self.learningRate = learningRate
    self.optimizer = optimizer
    self.schedule = schedule
    self.augmentation = augmentation
    self.views = views
    self.patience = patience
    self.reasons = reasons
  }

  /// A configuration with what the plan says in place of its own.
  ///
  /// - Throws: `AugmentationError` where the plan's augmentation cannot be read.
  public func applied(to configuration: TrainingConfiguration) throws -> TrainingConfiguration {
    var result = configuration
    if let epochs { result.epochs = epochs }
    if let batch { result.batch = batch }
    if let learningRate { result.learningRate = learningRate }
    if let optimizer { result.optimizer = optimizer }
    if let schedule { result.schedule = schedule }
    if let augmentation { (result.augmentation, result.views) = (try .parse(augmentation), views) }
    if let patience { result.patience = patience }
    return result
  }

  /// As `plan.json` has it.
  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return try encoder.encode(self)
    }
  }

  /// Writes the plan, whole or not at all.
  public func write(to file: URL) throws {
    let json = try json
    try AtomicFile.write(to: file) { try $0.write(json) }
  }

  /// - Throws: `FormatError.fileNotFound`; `TrainingError.unreadableRun` where the file is no plan.
  public init(contentsOf file: URL) throws {
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw FormatError.fileNotFound(path: file.relativePath)
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      self = try decoder.decode(AdaptationPlan.self, from: Data(contentsOf: file))
    } catch {
      throw TrainingError.unreadablePlan(path: file.relativePath, reason: "\(error)")
    }
    guard formatVersion == 1 else {
      throw TrainingError.unreadablePlan(
        path: file.relativePath, reason: "it is of version \(formatVersion), and this Graft reads version 1")
    }
  }
}
