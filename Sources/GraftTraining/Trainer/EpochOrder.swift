import GraftImages
import GraftLearning
import GraftTensors

extension TrainingConfiguration {
  /// The images of an epoch in its order, as indices: all of them shuffled, or as many of each class.
  ///
  /// - Parameter epoch: counted from 1.
  func order(of samples: [Sample], epoch: Int) -> [Int] {
    guard drawsClassesEqually else {
      var generator = SeededGenerator(seed: seed, stream: UInt64(epoch))
      return samples.indices.shuffled(using: &generator)
    }
    return BalancedSampler(labels: samples.map(\.label), seed: seed).order(epoch: epoch - 1)
  }

  /// The number of the view of the training images in an epoch.
  ///
  /// Where something is frozen, stages share the views that the cache holds; otherwise each epoch has its own unless the
  /// configuration says how many there are.
  ///
  /// - Parameters:
  ///   - epoch, epochInStage: counted from 1, over all stages and within the one in progress.
  func view(in plan: CachePlan, epoch: Int, epochInStage: Int) -> Int {
    let isOwn = views == nil && (!plan.hasFrozenPart || augmentation?.mixing != nil)
    return plan.views == 1 ? 0 : isOwn ? epoch - 1 : (epochInStage - 1) % plan.views
  }

  /// A view of images that training looks at by its number: the evaluation view itself, or what chance makes of it.
  func view(_ number: Int, of evaluation: EvaluationView) throws -> KeyedView {
    guard let augmentation else { return KeyedView(evaluation) }
    return try KeyedView(TrainingView(evaluation, augmentation, seed: seed, number: number))
  }
}
