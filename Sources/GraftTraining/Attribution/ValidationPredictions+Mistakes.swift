import GraftGraph
import GraftImages
import GraftLearning

extension ValidationPredictions {
  /// An image that is taken for another class than its own.
  public struct Mistake: Hashable, Sendable {
    public let path: String
    /// Classes, by their positions.
    public let label, predicted: Int
    /// What the model gave the class that it took the image for, and the right one.
    public let probability, ofLabel: Float
  }

  /// The mistakes of a task, the most confident first; none where it is no classification.
  public func mistakes(ofTask task: Int) -> [Mistake] {
    guard case .classification = tasks[task] else { return [] }
    let mistakes = rows.compactMap { row -> Mistake? in
      let own = row.outputs[task]
      guard case .oneClass(let label)? = row.targets[task], let best = ClassRanking(scores: own).best, !own[best].isNaN,
        best != label
      else { return nil }
      return Mistake(path: row.path, label: label, predicted: best, probability: own[best], ofLabel: own[label])
    }
    return mistakes.sorted { ($1.probability, $0.path) < ($0.probability, $1.path) }
  }
}
