import Foundation
import GraftEngine
import GraftImages

/// Everything that tells how a run came about: the content of `run.json`.
public struct RunRecord: Codable, Sendable {
  public struct Source: Codable, Sendable {
    /// The architecture's name, or the run that was gone on from.
    public var backbone: String
    /// The weight file as the user named it; “embedded” for the one inside the program, “random” for none.
    public var weights: String
    public var sha256: String
    /// The published file that it is, if any.
    public var knownAs: String?

    public init(backbone: String, weights: String, sha256: String, knownAs: String?) {
      self.backbone = backbone
      self.weights = weights
      self.sha256 = sha256
      self.knownAs = knownAs
    }
  }

  /// The words of the command line, or of the program that trained.
  public var command: [String]
  public var version: String
  public var started: Date
  public var source: Source
  /// The run that taught, nil where none did.
  public var teacher: TeacherRecord?
  public var data: String
  /// The unlabelled photographs that the model was drawn near to, nil where there were none.
  public var target: TargetRecord?
  public var unfreeze: String
  public var trainableLayers: [String]
  public var frontier: [String]
  public var configuration: TrainingConfiguration
  /// Why `configuration` has the precision that it has; nil in records of older versions.
  public var precisionChoice: PrecisionChoice?
  /// On how many photographs the standardization of features was measured that a head for values begins with; nil without one.
  public var featuresMeasuredOn: Int?
  public var machine: Machine
  public var history: [EpochRecord]
  /// The epoch whose parameters were saved.
  public var savedEpoch: Int
  public var imagesTrain: Int
  public var imagesVal: Int
  /// Path and reason of each image that could not be read.
  public var skipped: [String: String]
  public var seconds: Double
  /// The most that the process held until the run was saved, in bytes; nil in records of older versions.
  public var peakMemory: Int?
  public var wasInterrupted: Bool
  /// Whether every frozen tensor in `model.safetensors` is, bit for bit, the one in the source file.
  public var frozenUnchanged: Bool?

  public init(
    command: [String], version: String, started: Date, source: Source, data: String, unfreeze: String,
    trainableLayers: [String], frontier: [String], configuration: TrainingConfiguration,
    precisionChoice: PrecisionChoice? = nil, featuresMeasuredOn: Int? = nil, teacher: TeacherRecord? = nil,
    target: TargetRecord? = nil, result: TrainingResult
  ) {
    self.command = command
    self.version = version
    self.started = started
    self.source = source
    self.teacher = teacher
    self.data = data
    self.target = target
    self.unfreeze = unfreeze
    self.trainableLayers = trainableLayers
    self.frontier = frontier
    self.configuration = configuration
    self.precisionChoice = precisionChoice
    self.featuresMeasuredOn = featuresMeasuredOn
    machine = .current
    history = result.history
    savedEpoch = result.best.epoch
    imagesTrain = result.trainingImages
    imagesVal = result.validationImages
    skipped = Dictionary(
      result.skipped.map { ($0.sample.path, "\($0.reason)") }, uniquingKeysWith: { first, _ in first })
    seconds = result.seconds
    peakMemory = ProcessMemory.peak
    wasInterrupted = result.wasInterrupted
  }
}
