import GraftGraph

/// Which column of a table means what. What is left out is found by its name.
public struct TableColumns: Hashable, Sendable {
  /// The image's file.
  public var path: String?
  /// The name of a class: one head for each column.
  public var labels: [String] = []
  /// The names of several labels: one head for each column.
  public var multiLabels: [String] = []
  /// Numbers to predict: one head for all of these columns together.
  public var values: [String] = []
  /// Whether an image is for training, validation or test; “none” where no column shall decide that.
  public var split: String?
  /// How much an image counts in the loss; “none” likewise.
  public var weight: String?
  /// What an image must stay together with.
  public var group: String?

  public init() {}
}

/// The same as positions in one table.
struct TableLayout {
  let path: Int
  let labels, multiLabels, values: [Int]
  let split, weight, group: Int?

  /// - Parameter needsTargets: whether a table must say what is right for its images.
  init(_ columns: TableColumns, of table: Table, needsTargets: Bool = true) throws(DatasetError) {
    func named(_ name: String) throws(DatasetError) -> Int {
      // The same name in other letters only where it is not there as it was written.
      if let index = table.columns.firstIndex(of: name)
        ?? table.columns.firstIndex(where: { $0.meaning == name.meaning })
      {
        return index
      }
      throw .unknownColumn(
        table: table.file, name: name, columns: table.columns,
        suggestion: closestNames(to: name, among: table.columns).first)
    }
    func found(_ names: [String]) -> Int? {
      names.lazy.compactMap { name in table.columns.firstIndex { $0.meaning == name } }.first
    }
    func one(_ name: String?, or names: [String]) throws(DatasetError) -> Int? {
      guard let name else { return found(names) }
      // “none” turns the search by name off.
      return name == "none" && !table.columns.contains(name) ? nil : try named(name)
    }
    func several(_ names: [String]) throws(DatasetError) -> [Int] {
      var indices: [Int] = []
      for name in names { indices.append(try named(name)) }
      return indices
    }

    guard let path = try one(columns.path, or: ["path", "file", "filename", "filepath", "image", "imagepath"]) else {
      throw .noColumn(table: table.file, meaning: "the images' files", option: "--path-column", columns: table.columns)
    }
    self.path = path
    var labels = try several(columns.labels)
    var multiLabels = try several(columns.multiLabels)
    values = try several(columns.values)
    if labels.isEmpty && multiLabels.isEmpty && values.isEmpty {
      if let label = found(["label", "class"]) {
        labels = [label]
      } else if let label = found(["labels"]) {
        multiLabels = [label]
      } else if needsTargets {
        throw .noColumn(
          table: table.file, meaning: "the images' classes",
          option: "--label-column, --labels-column (several labels an image) or --value-column (numbers)",
          columns: table.columns)
      }
    }
    (self.labels, self.multiLabels) = (labels, multiLabels)
    split = try one(columns.split, or: ["split", "fold", "set"])
    weight = try one(columns.weight, or: ["weight"])
    // A group's column is named by whoever wants groups: a column “group” alone may mean anything.
    group = if let name = columns.group { try named(name) } else { nil }
  }
}

extension String {
  /// `File_Name`, `file name` and `filename` mean the same.
  fileprivate var meaning: String { lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " } }
}
