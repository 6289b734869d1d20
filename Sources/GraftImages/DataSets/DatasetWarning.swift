/// What people should know of their data, though work can go on.
public enum DatasetWarning: Hashable, Sendable {
  /// Files that a table names and that are not there, with the lines; their rows are left out.
  case missingFiles(table: String, [TableProblem])
  /// Lines that repeat another word for word; each image is taken once.
  case repeatedRows(table: String, lines: [Int])
  /// Whole numbers as names of classes, of which there are nearly as many as images.
  case numbersAsClasses(table: String, column: String, classes: Int, images: Int)
  /// A folder `test` without folders of classes is no use for a test.
  case unlabelledTest(folder: String)
  /// Files whose paths do not say their class; they are left out.
  case unlabelledFiles(pattern: String, count: Int, example: String)
  /// Files whose paths do not say their group; each stands for itself.
  case ungrouped(pattern: String, count: Int, example: String)
  /// Groups that a folder or column has put on more than one side.
  case groupOnSeveralSides(count: Int, example: String)

  static func groupsOnSeveralSides(_ placed: some Sequence<(Sample, Side?)>) -> [DatasetWarning] {
    var sides: [String: Set<Side?>] = [:]
    for (sample, side) in placed { if let group = sample.group { sides[group, default: []].insert(side) } }
    let torn = sides.filter { $0.value.count > 1 }.keys
    guard let example = torn.min() else { return [] }
    return [.groupOnSeveralSides(count: torn.count, example: example)]
  }
}

extension DatasetWarning: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missingFiles(let table, let problems):
      let shown = problems.prefix(3).map { problem in
        if case .missingFile(let path) = problem.fault {
          "\(path) (line \(problem.line))"
        } else {
          "line \(problem.line)"
        }
      }
      return
        "\(table) names \(problems.count) file\(problems.count == 1 ? " that is" : "s that are") not there, and left out: "
        + shown.joined(separator: ", ") + (problems.count > 3 ? " and others" : "")
    case .repeatedRows(let table, let lines):
      let shown = lines.prefix(5).map(String.init).joined(separator: ", ") + (lines.count > 5 ? " and others" : "")
      return "\(table) says the same of an image twice; left out: line\(lines.count == 1 ? "" : "s") \(shown)"
    case .numbersAsClasses(let table, let column, let classes, let images):
      return
        "the column “\(column)” of \(table) holds \(classes) different numbers for \(images) images, which are taken for "
        + "names of classes; for numbers to predict, use --value-column \(column)"
    case .unlabelledTest(let folder):
      return "\(folder) holds no folder for each class, so nothing can be tested with it; it is left out"
    case .unlabelledFiles(let pattern, let count, let example):
      return
        "\(count) file\(count == 1 ? " does" : "s do") not fit \(pattern), and \(count == 1 ? "is" : "are") left out, "
        + "such as \(example)"
    case .ungrouped(let pattern, let count, let example):
      return
        "\(count) file\(count == 1 ? " does" : "s do") not fit \(pattern), and \(count == 1 ? "is" : "are each") a group "
        + "alone, such as \(example)"
    case .groupOnSeveralSides(let count, let example):
      return count == 1
        ? "the group \(example) is on more than one side of the division"
        : "\(count) groups are on more than one side of the division, such as \(example)"
    }
  }
}
