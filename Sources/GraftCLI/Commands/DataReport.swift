import Foundation
import Graft

/// What `data` says, and prints with `--json`.
struct DataReport: Encodable {
  struct Count: Encodable {
    let name: String
    let training, validation, test: Int
    /// What makes up for classes that are rare: n / (k · n_c); for labels, the negatives for each positive.
    let balancedWeight: Float
  }

  struct Values: Encodable {
    let name: String
    let least, mean, most: Double
  }

  struct Head: Encodable {
    let kind: String
    let classes: [Count]
    let values: [Values]
    /// The most frequent by the rarest, in the training.
    let imbalance: Double?
  }

  struct Duplicate: Encodable {
    struct Image: Encodable {
      let path: String
      let side: String
      let targets: String
    }

    let images: [Image]
    let exact, leaks, contradicts: Bool
  }

  struct Look: Encodable {
    let formats: [String: Int]
    /// Width and height: the smallest by area, the one in the middle, the largest.
    let smallest, median, largest: [Int]
    let unreadable: [String: String]
    let duplicates: [Duplicate]
    let leaks, contradictions: Int
  }

  let training, validation, test, unlabelled: Int
  let heads: [Head]
  let groups: Int
  let weighted: Int
  let warnings: [String]
  let look: Look?

  init(_ sets: ImageDatasets, _ survey: DataSurvey?) {
    (training, validation, test) = (sets.training.count, sets.validation.count, sets.test.count)
    unlabelled = sets.unlabelled.count
    heads = sets.tasks.indices.map { Head(sets, task: $0) }
    let samples = sets.training + sets.validation + sets.test
    groups = Set(samples.compactMap(\.group)).count
    weighted = samples.count { $0.weight != 1 }
    warnings = sets.warnings.map(\.description)
    look = survey.map { Look($0, sets.tasks) }
  }
}

extension DataReport.Head {
  fileprivate init(_ sets: ImageDatasets, task: Int) {
    func balance(_ samples: [Sample]) -> ClassBalance? { ClassBalance(samples, tasks: sets.tasks, task: task) }
    let all = sets.training + sets.validation + sets.test
    if let training = balance(sets.training), let validation = balance(sets.validation), let test = balance(sets.test) {
      kind = training.isMultiLabel ? "labels" : "classes"
      let weights = training.balancedWeights
      classes = training.names.indices.map { index in
        DataReport.Count(
          name: training.names[index], training: training.counts[index], validation: validation.counts[index],
          test: test.counts[index], balancedWeight: weights[index])
      }
      values = []
      imbalance = training.imbalance
      return
    }
    (kind, classes, imbalance) = ("values", [], nil)
    values = sets.tasks[task].names.enumerated().map { column, name in
      let numbers = all.compactMap { sample in
        if case .values(let values) = sample.targets[task] { Double(values[column]) } else { nil }
      }
      return DataReport.Values(
        name: name, least: numbers.min() ?? .nan, mean: numbers.reduce(0, +) / Double(max(numbers.count, 1)),
        most: numbers.max() ?? .nan)
    }
  }
}

extension DataReport.Look {
  fileprivate init(_ survey: DataSurvey, _ tasks: [PredictionTask]) {
    let facts = survey.entries.compactMap { try? $0.facts.get() }
    formats = Dictionary(grouping: facts, by: \.format.rawValue).mapValues(\.count)
    let sizes = facts.sorted { $0.width * $0.height < $1.width * $1.height }.map { [$0.width, $0.height] }
    smallest = sizes.first ?? []
    median = sizes.isEmpty ? [] : sizes[sizes.count / 2]
    largest = sizes.last ?? []
    unreadable = Dictionary(
      survey.unreadable.map { ($0.sample.path, "\($0.reason)") }, uniquingKeysWith: { first, _ in first })
    let (leaking, contradicting) = (Set(survey.leaks), Set(survey.contradictions))
    duplicates = survey.duplicates.map { group in
      DataReport.Duplicate(
        images: group.members.map { member in
          let entry = survey.entries[member]
          return DataReport.Duplicate.Image(
            path: entry.sample.path, side: entry.side?.rawValue ?? "unlabelled",
            targets: zip(entry.sample.targets, tasks).map { $0.words($1) }.joined(separator: "; "))
        }, exact: group.isExact, leaks: leaking.contains(group), contradicts: contradicting.contains(group))
    }
    (leaks, contradictions) = (leaking.count, contradicting.count)
  }
}

extension Target {
  /// What is right, by its names.
  fileprivate func words(_ task: PredictionTask) -> String {
    switch self {
    case .oneClass(let label): task.names[label]
    case .labels(let labels): labels.sorted().map { task.names[$0] }.joined(separator: "|")
    case .values(let values): zip(task.names, values).map { "\($0) \($1)" }.joined(separator: ", ")
    }
  }
}
