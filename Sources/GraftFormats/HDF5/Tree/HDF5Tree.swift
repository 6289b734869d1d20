import Foundation
import GraftTensors

/// A whole HDF5 file, whoever wrote it, as a value: groups, attributes, data sets with their places, shapes and types.
///
/// Nothing of the HDF5 library is left in it. The tensors of data sets that lie in one piece are views of the mapped
/// file; others, compressed ones for example, were read when the tree was made.
///
/// ```swift
/// let tree = try HDF5Tree(contentsOf: url)
/// let kernel = try tree["/conv1/kernel"]?.tensor()
/// ```
public struct HDF5Tree: Sendable {
  public let file: MappedFile
  let outline: HDF5Outline
  let copies: HDF5Copies
  private let byPath: [String: Int]

  /// Which data sets are read where their elements must be copied. All others are in the tree too, without elements.
  public enum Selection: Hashable, Sendable, Codable {
    case all
    case none
    /// All but those below certain paths, such as `/optimizer_weights`.
    case outside([String])

    func includes(_ path: String) -> Bool {
      switch self {
      case .all: true
      case .none: false
      case .outside(let places): !places.contains { path == $0 || path.hasPrefix($0 + "/") }
      }
    }
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - expected: what the file should be, with its article, for the message where it is something else.
  ///   - reading: who calls the HDF5 library; see there what a damaged file can do.
  /// - Throws: `FormatError` where the file cannot be read, is of another kind, cut off or damaged. What is wrong with
  ///   a single object is thrown where that object is used.
  public init(
    contentsOf url: URL, expected: String = "an HDF5 file", elements: Selection = .all,
    reading: HDF5Reading = .preferred
  ) throws {
    let file = try MappedFile(url)
    try file.require(.hdf5, expected: expected)
    try self.init(file, at: file.path, elements: elements, reading: reading)
  }

  /// - Parameters:
  ///   - file: known to be HDF5.
  ///   - path: where the HDF5 library finds the file, which need not be the name that messages have for it.
  init(_ file: MappedFile, at path: String, elements: Selection, reading: HDF5Reading) throws {
    try HDF5Superblock.requireWhole(file)
    switch reading {
    case .inThisProcess:
      var tensors: [Tensor] = []
      let outline = try HDF5Outline(reading: file, at: path, elements: elements) { tensor in
        tensors.append(tensor)
        return tensors.count - 1
      }
      self.init(file: file, outline: outline, copies: .tensors(tensors))
    case .inProcess(let program, let arguments):
      let process = HDF5ReadingProcess(program: program, arguments: arguments)
      let (outline, copies) = try process.read(file, at: path, elements: elements)
      self.init(file: file, outline: outline, copies: .file(copies))
    }
  }

  init(file: MappedFile, outline: HDF5Outline, copies: HDF5Copies) {
    self.file = file
    self.outline = outline
    self.copies = copies
    byPath = Dictionary(
      outline.objects.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The group that everything else hangs from.
  public var root: Object { Object(tree: self, path: "/") }

  /// The object at a path from the root; nil where there is none, or where a link leads out of the file.
  public subscript(path: String) -> Object? {
    (try? root.child(path)) ?? nil
  }

  /// Every data set, with the members of each group in alphabetical order; none twice.
  public var dataSets: [Object] {
    outline.objects.compactMap { entry in
      guard case .dataSet = entry.content else { return nil }
      return Object(tree: self, path: entry.path)
    }
  }

  func entry(_ path: String) -> HDF5Outline.Entry? {
    byPath[path].map { outline.objects[$0] }
  }

  func malformed(_ reason: String) -> FormatError {
    .malformed(path: file.path, format: "HDF5", reason: reason)
  }
}
