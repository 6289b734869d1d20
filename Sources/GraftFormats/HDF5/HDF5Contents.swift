import Foundation
import GraftTensors

/// What an HDF5 file holds, whoever wrote it: every data set with its place, shape and type. Nothing of the elements
/// is read, and links are not followed.
public struct HDF5Contents: Sendable {
  public struct DataSet: Hashable, Sendable {
    /// From the root: `/conv1/kernel`.
    public let path: String
    public let shape: Shape
    /// `float32`, `float32, big-endian`, or a word such as `text`.
    public let type: String
    /// Nil for what is no plain number.
    public let dataType: DataType?
  }

  /// By path: the members of each group in alphabetical order.
  public let dataSets: [DataSet]

  /// - Throws: `FormatError` where the file cannot be read, is of another kind, cut off or damaged.
  public init(contentsOf url: URL) throws {
    dataSets = try HDF5File.open(url, expected: "an HDF5 file") { file in
      var found: [DataSet] = []
      var visits = 0
      try Self.visit(try file.root(), depth: 0, visits: &visits, found: &found)
      return found
    }
  }

  private static func visit(
    _ object: consuming HDF5Object, depth: Int, visits: inout Int, found: inout [DataSet]
  ) throws {
    // Groups can contain themselves, by hard links. A link takes more than 8 bytes of the file, so that more visits than
    // that leaves room for mean that some object is met again and again.
    visits += 1
    guard depth <= 64, visits <= object.file.bytes.count / 8 else {
      throw object.malformed("its groups nest too deep, or contain themselves")
    }
    if object.isDataSet {
      let path = object.path
      let dataSet = try HDF5DataSet(object)
      found.append(
        DataSet(
          path: path, shape: dataSet.shape, type: dataSet.elementType.description,
          dataType: dataSet.elementType.dataType))
      return
    }
    guard object.isGroup else { return }
    for name in try object.childNames() where !object.isLinkElsewhere(name) {
      guard let child = try object.child(name) else { continue }
      try visit(child, depth: depth + 1, visits: &visits, found: &found)
    }
  }
}
