import Foundation

/// Where photographs and what is right for them come from, and how they are divided.
public struct DataRequest: Hashable, Sendable {
  /// Folders of photographs, and tables that name files. Classes of several sources are united.
  public var sources: [URL]
  /// The folder that a table's paths are relative to; nil means the table's own.
  public var images: URL?
  public var columns = TableColumns()
  /// Takes the class out of a file's path below the folder, in place of subfolders.
  public var labelPattern: PathPattern?
  /// What must stay on one side: the name of a table's column, or a regular expression on the path with one capture group.
  public var groupBy: String?
  /// A file with readable names for classes that are ids (`LabelNames`).
  public var labelNames: URL?
  public var division = DivisionRequest()
  /// Folders of photographs of which nothing is known.
  public var unlabelled: [URL] = []
  /// The classes of a network that exists, in its order, for a data set with one classification: others are refused.
  public var knownClasses: [String]?

  public init(_ sources: [URL]) {
    self.sources = sources
  }
}
