import GraftGraph

/// Where a photograph goes.
public enum Side: String, Hashable, Sendable, Codable, CaseIterable {
  case training, validation, test

  /// A side as folders and tables call it.
  init?(named name: String) {
    switch name.lowercased() {
    case "train", "training": self = .training
    case "val", "valid", "validation", "dev": self = .validation
    case "test", "testing": self = .test
    default: return nil
    }
  }
}

/// What says on which side an image is.
public enum SideName: Hashable, Sendable {
  case folder(String)
  case column(String)

  var isColumn: Bool { if case .column = self { true } else { false } }
}

/// What a folder or a table says of its images, before they are divided.
struct LabelledImages {
  /// The folder or file, as messages name it.
  let name: String
  var tasks: [PredictionTask]
  var samples: [Sample]
  /// The side of each sample; nil where the source leaves that open.
  var sides: [Side?]
  /// What says so.
  var sideNames: [Side: SideName] = [:]
  var warnings: [DatasetWarning] = []
}

/// The order of classes that no folder gives.
enum ClassNames {
  /// By name; numbers by size, so that 10 follows 9.
  static func sorted(_ names: Set<String>) -> [String] {
    let numbers = names.compactMap { Int($0) }
    guard numbers.count == names.count else { return names.sorted() }
    return zip(numbers, names).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
  }
}

extension LabelledImages {
  /// Several sources as one, with the classes of all.
  ///
  /// - Throws: `DatasetError.tasksDiffer` where one has other heads than another.
  static func united(_ sources: [LabelledImages]) throws(DatasetError) -> LabelledImages {
    guard var whole = sources.first else { throw .noSource }
    if sources.count == 1 { return whole }
    for other in sources.dropFirst() where !other.tasks.elementsEqual(whole.tasks, by: { $0.unites(with: $1) }) {
      throw .tasksDiffer(first: whole.name, second: other.name)
    }
    let tasks = whole.tasks.indices.map { task in
      whole.tasks[task].named(ClassNames.sorted(Set(sources.flatMap { $0.tasks[task].names })))
    }
    whole = LabelledImages(name: sources.map(\.name).joined(separator: ", "), tasks: tasks, samples: [], sides: [])
    let names = distinctNames(sources.map(\.name))
    for (source, name) in zip(sources, names) {
      let positions = zip(tasks, source.tasks).map { new, old in
        let index = Dictionary(uniqueKeysWithValues: new.names.enumerated().map { ($1, $0) })
        return old.names.map { index[$0] ?? 0 }
      }
      whole.samples += source.samples.map { $0.renumbered(positions).below(name + "/") }
      whole.sides += source.sides
      whole.sideNames.merge(source.sideNames) { first, _ in first }
      whole.warnings += source.warnings
    }
    return whole
  }

  /// The last part of each path where these differ, otherwise the whole of it.
  private static func distinctNames(_ paths: [String]) -> [String] {
    let short = paths.map { path in path.split(separator: "/").last.map(String.init) ?? path }
    return Set(short).count == short.count ? short : paths
  }
}

extension PredictionTask {
  fileprivate func unites(with other: PredictionTask) -> Bool {
    switch (self, other) {
    case (.classification, .classification), (.multiLabel, .multiLabel): true
    case (.regression(let values), .regression(let others)): values == others
    default: false
    }
  }

  /// The same with other classes or labels; numbers to predict keep their names and order.
  func named(_ names: [String]) -> PredictionTask {
    switch self {
    case .classification: .classification(classes: names)
    case .multiLabel: .multiLabel(labels: names)
    case .regression: self
    }
  }
}

extension Sample {
  func below(_ prefix: String) -> Sample {
    Sample(url: url, path: prefix + path, targets: targets, weight: weight, group: group)
  }

  func inGroup(_ group: String?) -> Sample {
    Sample(url: url, path: path, targets: targets, weight: weight, group: group)
  }

  /// With other indices for classes and labels: for each task, the new index of each old one.
  func renumbered(_ positions: [[Int]]) -> Sample {
    let targets = zip(targets, positions).map { target, positions -> Target in
      switch target {
      case .oneClass(let label): .oneClass(positions[label])
      case .labels(let labels): .labels(Set(labels.map { positions[$0] }))
      case .values: target
      }
    }
    return Sample(url: url, path: path, targets: targets, weight: weight, group: group)
  }
}
