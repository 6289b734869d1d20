/// What the losses on a softmax share: how much each class counts in each row, and what the row weighs.
struct ClassTargets {
  private let classes: [Int]?
  private let rows: [Float]
  private let width: Int
  private let smoothing: Double
  private let classWeights: [Float]?

  /// - Parameters:
  ///   - targets: classes, or a distribution over them for each image.
  ///   - smoothing: the share of each row that is spread evenly over all classes.
  init(_ targets: Targets, width: Int, smoothing: Double, classWeights: [Float]?, loss: StaticString) {
    if let classWeights {
      precondition(classWeights.count == width, "\(classWeights.count) class weights for \(width) classes")
    }
    switch targets {
    case .classes(let classes): self.classes = classes
    case .distributions: classes = nil
    default: preconditionFailure("\(loss) is for classes or distributions, not for \(targets.kind)")
    }
    rows = targets.rows(width: width)
    self.width = width
    self.smoothing = smoothing
    self.classWeights = classWeights
  }

  /// How much each class's own loss counts in a row: its share of the smoothed target, times its weight.
  func shares(ofRow row: Int) -> [Double] {
    (0..<width).map { column in
      let share = (1 - smoothing) * Double(rows[row * width + column]) + smoothing / Double(width)
      return share * Double(classWeights?[column] ?? 1)
    }
  }

  /// What the row weighs in the mean: as in PyTorch, its class's weight, and 1 where the target is a distribution.
  func weight(ofRow row: Int) -> Double {
    guard let classWeights, let classes else { return 1 }
    return Double(classWeights[classes[row]])
  }
}
