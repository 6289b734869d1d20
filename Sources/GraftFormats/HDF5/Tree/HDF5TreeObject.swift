import GraftTensors

extension HDF5Tree {
  /// A group, a data set, or what else a name in the file stands for.
  public struct Object: Sendable {
    let tree: HDF5Tree
    /// From the root: `/conv1/kernel`.
    public let path: String
  }
}

extension HDF5Tree.Object {
  var entry: HDF5Outline.Entry? { tree.entry(path) }

  private var dataSet: HDF5Outline.DataSet? {
    if case .dataSet(let dataSet) = entry?.content { dataSet } else { nil }
  }

  /// The last part of the path; empty for the root.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

  public var isDataSet: Bool { dataSet != nil }

  public var isGroup: Bool {
    if case .group = entry?.content { true } else { false }
  }

  /// Of a group, in alphabetical order, links included; empty for all else.
  public var memberNames: [String] {
    if case .group(let members) = entry?.content { members } else { [] }
  }

  /// Of a data set; nil for all else.
  public var shape: Shape? { dataSet?.shape }
  /// `float32`, `float32, big-endian`, or a word such as `text`; nil for what is no data set.
  public var type: String? { dataSet?.type }
  /// Nil for what is no plain number.
  public var dataType: DataType? { dataSet?.dataType }

  /// The object of that name below this one, or nil; '/' in the name goes through groups, and at its start changes
  /// nothing. Links within the file are followed.
  ///
  /// - Throws: `FormatError` for what a link to another file stands for, for links that lead in circles, and for objects
  ///   that the HDF5 library cannot open.
  public func child(_ name: String) throws -> HDF5Tree.Object? {
    var links = 0
    return try tree.object(at: path + "/" + name, links: &links)
  }

  /// The elements of a data set, in the type in which the file has them.
  ///
  /// - Throws: `FormatError` where the elements are no numbers, lie in another file, are missing or damaged, or the
  ///   object is no data set.
  public func tensor() throws -> Tensor {
    guard let dataSet else { throw tree.malformed("\(path) is no data set") }
    if case .unreadable(let error) = dataSet.elements { throw error }
    guard let dataType = dataSet.dataType else { throw FormatError.noNumbers(dataSet.type, at: path, in: tree.file) }
    let beyond = tree.malformed("the data set \(path) reaches beyond the end of the file")
    switch dataSet.elements {
    case .inFile(let offset):
      guard tree.file.holds(dataSet.shape, dataType, at: offset) else { throw beyond }
      return tree.file.tensor(at: offset, shape: dataSet.shape, dataType: dataType)
    case .copied(let place):
      guard let tensor = tree.copies.tensor(at: place, shape: dataSet.shape, dataType: dataType) else { throw beyond }
      return tensor
    case .unreadable(let error): throw error
    }
  }
}

extension HDF5Tree {
  /// More than any file that is not made to lead in circles.
  private static let maximumLinkCount = 16

  fileprivate func object(at path: String, links: inout Int) throws -> Object? {
    var place = "/"
    for name in path.split(separator: "/") where name != "." {
      let next = place == "/" ? "/\(name)" : "\(place)/\(name)"
      guard let entry = entry(next) else { return nil }
      switch entry.content {
      case .link(let target):
        links += 1
        guard links <= Self.maximumLinkCount else { throw malformed("the link at \(next) leads in circles") }
        let absolute = target.hasPrefix("/") ? target : place + "/" + target
        guard let object = try object(at: absolute, links: &links) else { return nil }
        place = object.path
      case .elsewhere:
        throw FormatError.unsupported(
          path: file.path, content: "a link to another file at \(next)", advice: FormatError.selfContained)
      case .unreadable(let error): throw error
      case .group, .dataSet, .other: place = next
      }
    }
    return entry(place).map { Object(tree: self, path: $0.path) }
  }
}

extension FormatError {
  static let selfContained = "Copy the file with `h5repack`, or save it again, so that it holds the data itself."

  static func noNumbers(_ type: String, at path: String, in file: MappedFile) -> FormatError {
    .unsupported(path: file.path, content: "\(type) at \(path)", advice: "Weights must be plain numbers.")
  }
}
