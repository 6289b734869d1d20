import Foundation

/// Why a folder is no data set.
public enum DatasetError: Error, Hashable, Sendable {
  case missingFolder(String)
  case notAFolder(String)
  case unreadableFolder(String, reason: String)
  /// Neither class folders nor files.
  case noImages(folder: String)
  /// Files, of which `example` is one, but no folder for each class.
  case noClassFolders(folder: String, example: String, count: Int)
  case oneClass(folder: String, name: String)
  case emptyClass(folder: String, name: String)
  case unknownClass(folder: String, name: String, known: [String], suggestion: String?)
  case classesDiffer(
    folder: String, training: String, validation: String, onlyTraining: [String], onlyValidation: [String])
  case splitOutOfRange(Double)
  /// A share to set aside was named for a folder that is divided already.
  case splitOfDividedFolder(String, validation: String)
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
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(10).map { "“\($0)”" }.joined(separator: ", ")
    return names.count > 10 ? shown + " and \(names.count - 10) more" : shown
  }
}
