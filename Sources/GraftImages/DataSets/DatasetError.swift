import Foundation

/// Why folders and tables are no data set.
public enum DatasetError: Error, Hashable, Sendable {
  case missingFolder(String)
  case notAFolder(String)
  case unreadableFolder(String, reason: String)
  /// Neither class folders nor files.
  case noImages(folder: String)
  /// Files, of which `example` is one, but no folder for each class.
  case noClassFolders(folder: String, example: String, count: Int)
  case oneClass(folder: String, name: String)
  case oneClassInTable(String, name: String)
  case emptyClass(folder: String, name: String)
  case unknownClass(folder: String, name: String, known: [String], suggestion: String?)
  case classesDiffer(
    folder: String, training: String, validation: String, onlyTraining: [String], onlyValidation: [String])
  case splitOutOfRange(Double)
  /// A share to set aside was named for a folder that is divided already.
  case splitOfDividedFolder(String, validation: String)
  case splitOfDividedTable(String, column: String)
  case testSplitOutOfRange(Double)
  /// Nothing is left for training.
  case splitsTooLarge(validation: Double, test: Double)
  /// A share to set aside for the test was named for what is divided already.
  case testOfDivided(String, test: SideName?)
  case foldOutOfRange(fold: Int?, folds: Int?)
  case foldsAndSplit
  /// A column with numbers of folds, and none of them was named for validation.
  case foldNotNamed(table: String, column: String, folds: [String])
  case noSource
  /// Two sources whose images are for different heads.
  case tasksDiffer(first: String, second: String)
  case noLabels(String)
  /// Labels, values or several heads, where one classification was expected.
  case notOneClassification(String)
  /// No regular expression, or one without exactly one capture group.
  case unusablePattern(String, captures: Int?)
  case patternFitsNothing(String, example: String)
  /// Neither a folder nor a file.
  case missingData(String)
  case missingTable(String)
  case unreadableTable(String, reason: String)
  /// A table without rows.
  case emptyTable(String)
  case unknownColumn(table: String, name: String, columns: [String], suggestion: String?)
  /// No column has a name that tells what it is for.
  case noColumn(table: String, meaning: String, option: String, columns: [String])
  /// Every line at fault.
  case table(file: String, problems: [TableProblem])
  /// Not one of the files that a table names is there.
  case noFilesOfTable(String, first: TableProblem, folder: String)
  case unusableLabelNames(String, reason: String)
  /// The first unreadable file, where every file must be readable.
  case unreadableImage(path: String, reason: ImageError)
  /// None of the files is an image.
  case noReadableImage(count: Int, path: String, reason: ImageError)
}

extension DatasetError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .missingFolder(let folder):
      return "\(folder): there is no such folder. Name a folder that holds one subfolder of images for each class."
    case .notAFolder(let folder):
      return "\(folder) is a file, not a folder. Name the folder that holds one subfolder of images for each class."
    case .unreadableFolder(let folder, let reason):
      return "\(folder): the folder cannot be read (\(reason))."
    case .noImages(let folder):
      return "\(folder) holds no images. Put the images of each class into a subfolder named after the class."
    case .noClassFolders(let folder, let example, let count):
      let others = count == 1 ? "" : " and \(count - 1) more file\(count == 2 ? "" : "s")"
      return "\(folder) holds \(example)\(others), but no subfolder for each class. "
        + "Move the images of each class into a subfolder named after it, such as \(folder)/cats and \(folder)/dogs."
    case .oneClass(let folder, let name):
      return "\(folder) holds one class only, “\(name)”. Telling classes apart takes at least two: "
        + "add a subfolder of other images."
    case .oneClassInTable(let table, let name):
      return
        "\(table) holds one class only, “\(name)”. Telling classes apart takes at least two: add images of another."
    case .emptyClass(let folder, let name):
      return "The class “\(name)” in \(folder) holds no images. Add some, or remove the subfolder."
    case .unknownClass(let folder, let name, let known, let suggestion):
      let hint = suggestion.map { " Did you mean “\($0)”?" } ?? ""
      return "The subfolder “\(name)” of \(folder) is none of the known classes (\(Self.list(known))).\(hint)"
    case .classesDiffer(let folder, let training, let validation, let onlyTraining, let onlyValidation):
      let differences = [(training, onlyTraining), (validation, onlyValidation)]
        .filter { !$0.1.isEmpty }
        .map { "only \($0.0)/ has \(Self.list($0.1))" }
      return "\(training)/ and \(validation)/ in \(folder) hold different classes: "
        + differences.joined(separator: "; ") + ". Give both the same subfolders."
    case .splitOutOfRange(let split):
      return "The share to set aside for validation is \(split), but must lie between 0 and 1, such as 0.2."
    case .splitOfDividedFolder(let folder, let validation):
      return "\(folder) is divided already: its validation images are in \(validation)/. "
        + "Leave out the split, or name the folder that is to be split."
    case .splitOfDividedTable(let table, let column):
      return "\(table) is divided already, by its column “\(column)”. Leave out the split, or name another column with "
        + "--split-column (or none)."
    case .testSplitOutOfRange(let split):
      return "The share to set aside for the test is \(split), but must lie between 0 and 1, such as 0.1."
    case .splitsTooLarge(let validation, let test):
      return "With a share of \(validation) for validation and \(test) for the test, nothing is left for training. "
        + "Let them add up to less than 1."
    case .testOfDivided(let name, let test):
      let reason =
        switch test {
        case .folder(let folder)?: ": it has \(folder)/"
        case .column(let column)?: ", by its column “\(column)”"
        case nil: ""
        }
      return "\(name) is divided already\(reason). Leave out the share for the test."
    case .foldOutOfRange(let fold, let folds?):
      return "The fold for validation is \(fold.map(String.init) ?? "not named"), of \(folds). "
        + "Divide into 2 folds or more, and name one from 1 to their number."
    case .foldOutOfRange(let fold, nil):
      return "The fold for validation is \(fold.map(String.init) ?? "not named"), but nobody says of how many. "
        + "Name their number with --folds, or a table's column that holds numbers of folds with --split-column."
    case .foldsAndSplit:
      return
        "Folds are equal parts, so there is no share for validation to be named beside them. Leave out one of the two."
    case .foldNotNamed(let table, let column, let folds):
      return "The column “\(column)” of \(table) holds numbers of folds (\(folds.prefix(10).joined(separator: ", "))). "
        + "Name the one for validation with --fold, or another column with --split-column (or none)."
    case .noSource:
      return "No data are named. Name a folder of photographs, or a table that names files."
    case .tasksDiffer(let first, let second):
      return "\(first) and \(second) are for different heads, so they cannot be trained on together. "
        + "Give both columns of the same kind (classes, labels, or values of the same names)."
    case .noLabels(let name):
      return "\(name) names no label for any image. Fill its labels, several with | between them."
    case .notOneClassification(let name):
      return "\(name) is not divided into classes, as the network's classes ask for. Name one column of classes."
    case .unusablePattern(let pattern, nil):
      return
        "“\(pattern)” is no regular expression. An example of one is ^(n\\d+)_ with the wanted part in round brackets."
    case .unusablePattern(let pattern, let captures?):
      return
        "“\(pattern)” has \(captures == 0 ? "no part" : "\(captures) parts") in round brackets; exactly one is needed, "
        + "around what is to be taken out of the path, as in ^(n\\d+)_ ; write (?:…) for other brackets."
    case .patternFitsNothing(let pattern, let example):
      return "“\(pattern)” fits none of the paths, such as \(example). Make it fit the path below the folder."
    case .missingData(let path):
      return "\(path): there is no such folder or table. Name a folder of images, or a table that names them."
    case .missingTable(let file):
      return "\(file): there is no such file. Name a table that names image files."
    case .unreadableTable(let file, let reason):
      return "\(file): the table cannot be read (\(reason))."
    case .emptyTable(let file):
      return
        "\(file) holds no rows. Put the names of the columns into the first line, and one image on each of the others."
    case .unknownColumn(let table, let name, let columns, let suggestion):
      let hint = suggestion.map { " Did you mean “\($0)”?" } ?? ""
      return "\(table) has no column “\(name)”; it has \(Self.list(columns)).\(hint)"
    case .noColumn(let table, let meaning, let option, let columns):
      return "None of the columns of \(table) (\(Self.list(columns))) is known to hold \(meaning). "
        + "Say which one does: \(option)."
    case .table(let file, let problems):
      guard let first = problems.first else { return "\(file) cannot be read." }
      let others = problems.dropFirst().prefix(5).map { String($0.line) }.joined(separator: ", ")
      let more = problems.count > 6 ? " and \(problems.count - 6) more" : ""
      return "\(file), \(first)" + (others.isEmpty ? "" : " There are problems in line \(others)\(more) too.")
    case .noFilesOfTable(let table, let first, let folder):
      return "None of the files that \(table) names is there. \(first) The paths are looked for in \(folder): "
        + "name another folder with --images."
    case .unusableLabelNames(let file, let reason):
      return "\(file): \(reason)."
    case .unreadableImage(let path, let reason):
      return "\(path): \(reason)"
    case .noReadableImage(let count, let path, let reason):
      return count == 1
        ? "The only file cannot be read as an image. It is \(path): \(reason)"
        : "None of the \(count) files can be read as an image. The first is \(path): \(reason)"
    }
  }

  public var errorDescription: String? { description }

  /// Up to ten names in quotation marks.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(10).map { "“\($0)”" }.joined(separator: ", ")
    return names.count > 10 ? shown + " and \(names.count - 10) more" : shown
  }
}
