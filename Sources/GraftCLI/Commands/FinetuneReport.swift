import Foundation
import Graft

/// What `finetune --json` prints.
struct FinetuneReport: Encodable {
  /// null where the model predicts values.
  let valAccuracy, bestValAccuracy: Double?
  let valLoss: Double
  let epochs, bestEpoch: Int
  let classes: [String]
  let imagesTrain, imagesVal, imagesSkipped, imagesRemembered: Int
  /// What was to be remembered, and where.
  let cache: CacheReport
  let skipped: [String: String]
  let seconds, imagesPerSecond: Double
  let peakRssBytes: Int
  let precision: Precision
  let precisionChoice: PrecisionChoice
  let trainableParameters, totalParameters: Int
  /// null where the source file could no longer be read, so that nothing was compared.
  let frozenUnchanged: Nullable<Bool>
  let runDirectory: String
  /// Why the numbers may not be those that the command's words stand for.
  let warnings: [String]
  let history: [EpochRecord]

  init(
    _ tuning: FineTuning, _ result: TrainingResult, _ record: RunRecord, _ folder: URL, warnings: [String]
  ) throws {
    let last = result.history.last ?? result.best
    valAccuracy = last.valAccuracy
    bestValAccuracy = result.best.valAccuracy
    valLoss = last.valLoss
    epochs = result.history.count
    bestEpoch = result.best.epoch
    classes = tuning.data.classes
    imagesTrain = result.trainingImages
    imagesVal = result.validationImages
    imagesSkipped = result.skipped.count
    imagesRemembered = result.remembered
    cache = CacheReport(try tuning.trainer.cachePlan)
    skipped = record.skipped
    seconds = result.seconds
    imagesPerSecond = Double(result.trainingImages * result.history.count) / max(result.seconds, 1e-9)
    peakRssBytes = ProcessMemory.peak
    precision = tuning.precisionChoice.precision
    precisionChoice = tuning.precisionChoice
    trainableParameters = tuning.trainableParameterCount
    totalParameters = tuning.graph.parameterCount
    frozenUnchanged = Nullable(value: record.frozenUnchanged)
    runDirectory = folder.path
    self.warnings = warnings
    history = result.history
  }
}
