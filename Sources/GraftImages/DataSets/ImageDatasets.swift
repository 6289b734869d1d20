import Foundation
import GraftGraph

/// The photographs to train on, those to validate on, and those for the test.
public struct ImageDatasets: Hashable, Sendable {
  /// Where the sides came from.
  public enum Division: Hashable, Sendable {
    /// The folder held them, in subfolders of these names.
    case folders(training: String, validation: String)
    /// Tables, or several sources, said of every image where it belongs.
    case given
    /// These shares of every class were set aside.
    case split(validation: Double, test: Double)
    /// One of several equal parts is for validation; counted from 1.
    case fold(Int, of: Int)
  }

  /// What each head tells of an image: `Sample.targets` has one target for each, in this order.
  public let tasks: [PredictionTask]
  public let training: [Sample]
  public let validation: [Sample]
  /// Empty where nobody asked for a test.
  public let test: [Sample]
  /// Photographs of which nothing is known; empty as a rule.
  public let unlabelled: [Sample]
  public let division: Division
  /// What people should know of the data, though work can go on.
  public let warnings: [DatasetWarning]

  public init(
    tasks: [PredictionTask], training: [Sample], validation: [Sample], test: [Sample] = [], unlabelled: [Sample] = [],
    division: Division, warnings: [DatasetWarning] = []
  ) {
    self.tasks = tasks
    self.training = training
    self.validation = validation
    self.test = test
    self.unlabelled = unlabelled
    self.division = division
    self.warnings = warnings
  }

  /// The names that the first classification tells apart, in the order of their labels; of the first task where there is no
  /// classification.
  public var classes: [String] {
    for case .classification(let classes) in tasks { return classes }
    return tasks.first?.names ?? []
  }

  /// The share that is set aside for validation where the user names none.
  public static let defaultSplit = 0.2

  /// Opens a folder of photographs, or a table that names them.
  ///
  /// A folder with folders `train` and `val` (or `valid`, `validation`) in it has these two sides, and with `test` the third.
  /// Otherwise its subfolders are the classes, and `split` of each is set aside by chance: at least one photograph of a class
  /// that has two, and never all of them. A `train` without its counterpart is split likewise.
  ///
  /// - Parameters:
  ///   - split: the share for validation, between 0 and 1; nil means `defaultSplit`.
  ///   - seed: decides which photographs are set aside, and nothing else does.
  public static func open(_ url: URL, split: Double? = nil, seed: UInt64) throws(DatasetError) -> ImageDatasets {
    var request = DataRequest([url])
    request.division.validation = split
    return try open(request, seed: seed)
  }

  /// Opens folders and tables.
  ///
  /// - Parameter seed: decides which photographs are set aside, where neither folders nor columns do, and nothing else does.
  /// - Throws: `DatasetError`.
  public static func open(_ request: DataRequest, seed: UInt64) throws(DatasetError) -> ImageDatasets {
    try request.division.check()
    var sources: [LabelledImages] = []
    for url in request.sources { sources.append(try LabelledImages(url, request)) }
    var images = try LabelledImages.united(sources)
    if let file = request.labelNames { images.tasks = try LabelNames(contentsOf: file).applied(to: images.tasks) }
    if let classes = request.knownClasses { try images.align(with: classes) } else { try images.requireClasses() }
    var unlabelled: [Sample] = []
    for url in request.unlabelled { unlabelled += try ImageFolder(withoutClasses: url).samples }
    return try images.divided(request.division, unlabelled: unlabelled, seed: seed)
  }
}

extension LabelledImages {
  fileprivate init(_ url: URL, _ request: DataRequest) throws(DatasetError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) || !Self.isTable(url) else {
      throw .missingData(url.path)
    }
    // Pictures and other files are refused as what they are: no folders.
    if !isFolder.boolValue, Self.isTable(url) {
      self = try TableSource(url, request).read()
    } else {
      let allowsOneClass = request.sources.count > 1 || request.knownClasses != nil
      self = try FolderSource(url: url, request: request, allowsOneClass: allowsOneClass).read()
    }
  }

  private static func isTable(_ url: URL) -> Bool {
    ["csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson"].contains(url.pathExtension.lowercased())
  }

  /// Telling classes apart takes two.
  fileprivate func requireClasses() throws(DatasetError) {
    for case .classification(let classes) in tasks where classes.count == 1 {
      throw .oneClassInTable(name, name: classes[0])
    }
    for case .multiLabel(let labels) in tasks where labels.isEmpty { throw .noLabels(name) }
  }

  /// Gives the classes the labels that they have in a network that exists.
  fileprivate mutating func align(with classes: [String]) throws(DatasetError) {
    guard case .classification(let names)? = tasks.first, tasks.count == 1 else { throw .notOneClassification(name) }
    var positions: [Int] = []
    for name in names {
      guard let position = classes.firstIndex(of: name) else {
        throw .unknownClass(
          folder: self.name, name: name, known: classes, suggestion: closestNames(to: name, among: classes).first)
      }
      positions.append(position)
    }
    samples = samples.map { $0.renumbered([positions]) }
    tasks = [.classification(classes: classes)]
  }

  /// Divides the samples that no folder or column has placed.
  fileprivate func divided(
    _ request: DivisionRequest, unlabelled: [Sample], seed: UInt64
  ) throws(DatasetError) -> ImageDatasets {
    let open = self.sides.indices.filter { self.sides[$0] == nil }
    try checkAgainstGiven(request, isDivided: open.isEmpty)
    let parts = DivisionParts(request)
    var sides = sides
    for (index, side) in zip(open, parts.sides(of: open.map { samples[$0] }, tasks: tasks, seed: seed)) {
      sides[index] = side
    }
    let placed = zip(samples, sides)
    func on(_ side: Side) -> [Sample] { placed.filter { $0.1 == side }.map(\.0) }
    return ImageDatasets(
      tasks: tasks, training: on(.training), validation: on(.validation), test: on(.test),
      unlabelled: unlabelled, division: division(request, isDivided: open.isEmpty),
      warnings: warnings + DatasetWarning.groupsOnSeveralSides(placed))
  }

  private func checkAgainstGiven(_ request: DivisionRequest, isDivided: Bool) throws(DatasetError) {
    if isDivided, request.validation != nil || request.folds != nil, let validation = sideNames[.validation] {
      switch validation {
      case .folder(let folder): throw .splitOfDividedFolder(name, validation: folder)
      case .column(let column): throw .splitOfDividedTable(name, column: column)
      }
    }
    if request.test != nil, isDivided || sideNames[.test] != nil {
      throw .testOfDivided(name, test: sideNames[.test] ?? sideNames[.validation])
    }
    if request.folds == nil, let fold = request.fold, !sideNames.values.contains(where: \.isColumn) {
      throw .foldOutOfRange(fold: fold, folds: nil)
    }
  }

  private func division(_ request: DivisionRequest, isDivided: Bool) -> ImageDatasets.Division {
    guard !isDivided else {
      if case .folder(let training)? = sideNames[.training], case .folder(let validation)? = sideNames[.validation] {
        return .folders(training: training, validation: validation)
      }
      return .given
    }
    if let folds = request.folds, let fold = request.fold { return .fold(fold, of: folds) }
    return .split(validation: request.validation ?? ImageDatasets.defaultSplit, test: request.test ?? 0)
  }
}
