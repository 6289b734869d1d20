import Foundation
import GraftGraph
import GraftImages
import GraftLearning
import GraftTraining

/// Several runs side by side: how they differ in what was done, and in what came of it.
public struct RunComparison: Sendable, Encodable {
  /// Something that is not the same in all of them.
  public struct Difference: Hashable, Sendable, Encodable {
    public let name: String
    /// One for each run; nil where it does not say.
    public let values: [String?]
  }

  /// Two runs on the validation images that both have predictions for, with the same class.
  public struct Pair: Hashable, Sendable, Encodable {
    public let first, second: String
    public let sharedImages: Int
    public let bothRight: Int
    /// Images that only one of them has right, and how probable so uneven a number is by chance.
    public let onlyFirst, onlySecond: Int
    public let pValue: Double
    public let isSignificant: Bool
  }

  public let runs: [RunSummary]
  public let differences: [Difference]
  /// Each other run against the first; each judged on its own, at 5 %.
  public let pairs: [Pair]
  /// Why a pair has no place among them.
  public let notCompared: [String]
  /// What was named and is no run, or one that cannot be read.
  public let others: [RunListing.Stranger]

  /// - Throws: `TrainingError` of the first folder where none of them is a run that can be read.
  public init(_ folders: [URL]) throws {
    var (runs, others) = ([RunFolder](), [RunListing.Stranger]())
    var failure: (any Error)?
    for folder in folders {
      do {
        runs.append(try RunFolder(folder))
      } catch {
        failure = failure ?? error
        others.append(.init(path: folder.relativePath, reason: "\(error)"))
      }
    }
    if runs.isEmpty, let failure { throw failure }
    self.init(runs, others: others)
  }

  /// - Parameter folders: at least one run.
  init(_ folders: [RunFolder], others: [RunListing.Stranger] = []) {
    self.others = others
    runs = folders.map(RunSummary.init)
    differences = Self.differences(folders)
    let judged = folders.map { JudgedImages(try? $0.predictions().get()) }
    var (pairs, notCompared) = ([Pair](), [String]())
    for other in folders.indices.dropFirst() {
      let names = (folders[0].path, folders[other].path)
      guard let first = judged[0], let second = judged[other] else {
        let silent = judged[0] == nil ? names.0 : names.1
        notCompared.append(
          "\(names.0) and \(names.1): \(silent) has no \(ValidationPredictions.fileName) of a classification")
        continue
      }
      guard let pair = first.pair(with: second, names: names) else {
        notCompared.append("\(names.0) and \(names.1): they have no validation image in common")
        continue
      }
      pairs.append(pair)
    }
    self.pairs = pairs
    self.notCompared = notCompared
  }

  private static func differences(_ folders: [RunFolder]) -> [Difference] {
    let settings = folders.map(\.settings)
    var names: [String] = []
    for name in settings.flatMap({ $0.map(\.name) }) where !names.contains(name) { names.append(name) }
    return names.compactMap { name in
      let values = settings.map { $0.first { $0.name == name }?.value }
      return Set(values).count > 1 ? Difference(name: name, values: values) : nil
    }
  }
}

/// Which images a run has right, by their paths and classes.
private struct JudgedImages {
  private struct Image: Hashable {
    let path, label: String
  }

  private var right: [Image: Bool] = [:]

  init?(_ predictions: ValidationPredictions?) {
    guard let predictions, case .classification(let classes)? = predictions.tasks.first else { return nil }
    for row in predictions.rows {
      guard case .oneClass(let label)? = row.targets[0] else { continue }
      right[Image(path: row.path, label: classes[label])] = ClassRanking(scores: row.outputs[0]).best == label
    }
  }

  /// nil where no image is shared.
  func pair(with other: JudgedImages, names: (String, String)) -> RunComparison.Pair? {
    var counts = (both: 0, first: 0, second: 0, shared: 0)
    for (image, isRight) in right {
      guard let isRightThere = other.right[image] else { continue }
      counts.shared += 1
      if isRight && isRightThere { counts.both += 1 }
      if isRight && !isRightThere { counts.first += 1 }
      if !isRight && isRightThere { counts.second += 1 }
    }
    guard counts.shared > 0 else { return nil }
    let test = McNemarTest(onlyFirst: counts.first, onlySecond: counts.second)
    return RunComparison.Pair(
      first: names.0, second: names.1, sharedImages: counts.shared, bothRight: counts.both, onlyFirst: counts.first,
      onlySecond: counts.second, pValue: test.pValue, isSignificant: test.isSignificant)
  }
}
