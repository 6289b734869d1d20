import GraftEngine
import GraftLearning

/// Where a training is, all but its tensors: with them, the whole of what the next step depends on.
struct TrainingState: Hashable, Sendable, Codable {
  /// Index of the stage that is in progress.
  var stage = 0
  /// The epoch that is in progress, counted from 1 over all stages.
  var epoch = 1
  /// The same, counted within the stage.
  var epochInStage = 1
  /// Batches of this epoch that are done.
  var batches = 0
  /// How many places in the order of this epoch they have used up.
  var position = 0
  /// Optimizer steps of this stage that are done: the schedule's position.
  var steps = 0
  /// Forward passes of this stage's program: where its random layers are.
  var batchesRun = 0
  /// The epoch so far.
  var sums = EpochSums()
  /// Epochs that have ended.
  var history: [EpochRecord] = []
  /// The epoch whose parameters are kept.
  var best: EpochRecord?
  /// Epochs that have ended since the best, for early stopping.
  var epochsSinceBest = 0
  /// The learning rate of the last step.
  var lastRate = 0.0
  /// What a schedule that watches the validation images has seen so far.
  var plateau: ReduceOnPlateau?
  /// Whether every tensor that trains in this stage has been seen to have a gradient.
  var hasSeenGradients = false
  /// Gradients that wait for a step: of how much weight they are the sum.
  var accumulatedWeight = 0.0
  /// How often each parameter has been updated.
  var updates: [String: Int] = [:]
  /// Seconds of the epoch in progress that earlier processes have spent.
  var secondsBefore = 0.0
  /// Readable training images: an order of others would be another.
  var trainingImages = 0
  /// Images of which it was known when the epoch in progress began that they cannot be read, as places among all that steps are
  /// taken with; nil in checkpoints of the time when nobody asked.
  var unreadable: [Int]?
  /// Those that the epoch has met so far, which later ones do without.
  var met: Set<Int>?

  mutating func beginEpoch(_ number: Int, inStage: Int) {
    epoch = number
    epochInStage = inStage
    batches = 0
    position = 0
    sums = EpochSums()
    secondsBefore = 0
  }

  mutating func beginStage(_ index: Int) {
    stage = index
    steps = 0
    batchesRun = 0
    hasSeenGradients = false
    accumulatedWeight = 0
    beginEpoch(epoch, inStage: 1)
  }
}

/// What an epoch adds up while it runs.
struct EpochSums: Hashable, Sendable, Codable {
  private(set) var loss = 0.0
  private(set) var weight = 0.0
  private(set) var images = 0
  private(set) var score = RunningScore()
  /// Of the distances between two domains; nil without a target domain.
  private(set) var alignment: RunningMean?

  mutating func add(_ step: StepEvaluation) {
    loss += step.labelled.sum
    weight += step.labelled.totalWeight
    images += step.images
    score.add(step.score)
    if let distance = step.alignment { alignment = (alignment ?? RunningMean()).adding(distance, count: step.images) }
  }

  var meanLoss: Double { weight > 0 ? loss / weight : .nan }
}

extension RunningMean {
  fileprivate func adding(_ mean: Double, count: Int) -> RunningMean {
    var sum = self
    sum.add(mean: Float(mean), count: count)
    return sum
  }
}

/// The one state of a training that its session and the stage in progress both move on.
@EngineActor
final class TrainingCourse {
  var state = TrainingState()
}
