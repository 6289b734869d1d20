import GraftTensors

/// An HDF5 file without its elements: every object, what it is, and where a data set's elements are to be found.
/// Small, and encodable, so that one process can hand it to another.
struct HDF5Outline: Codable, Sendable {
  struct Entry: Codable, Sendable {
    /// From the root: `/conv1/kernel`.
    let path: String
    let content: Content
    let attributes: [String: HDF5Tree.Attribute]
  }

  enum Content: Codable, Sendable {
    /// With the names of its members, in alphabetical order.
    case group(members: [String])
    case dataSet(DataSet)
    /// Another place of the same file: a soft link, or one more name of an object that is listed under its first.
    case link(to: String)
    /// An external link.
    case elsewhere(file: String)
    /// Something else: a word for it.
    case other(String)
    case unreadable(FormatError)
  }

  struct DataSet: Codable, Sendable {
    let shape: Shape
    /// `float32`, `float32, big-endian`, or a word such as `text`.
    let type: String
    /// Nil for what is no plain number.
    let dataType: DataType?
    let elements: Elements
  }

  enum Elements: Codable, Sendable {
    /// In one piece of the file, in this machine's byte order, so many bytes from its start.
    case inFile(offset: Int)
    /// Read through the library, and kept at this place of `HDF5Copies`.
    case copied(Int)
    case unreadable(FormatError)
  }

  /// Depth first, from the root on; a group before its members.
  let objects: [Entry]
}

/// Elements that do not lie in one piece of the file.
enum HDF5Copies: Sendable {
  /// By number.
  case tensors([Tensor])
  /// By offset; row-major and little-endian.
  case file(MappedFile)

  /// Nil where there is no such place, or not enough behind it.
  func tensor(at place: Int, shape: Shape, dataType: DataType) -> Tensor? {
    switch self {
    case .tensors(let tensors):
      tensors.indices.contains(place) ? tensors[place] : nil
    case .file(let file):
      file.holds(shape, dataType, at: place) ? file.tensor(at: place, shape: shape, dataType: dataType) : nil
    }
  }
}

extension MappedFile {
  /// Whether a tensor of that shape lies within the file, the shape being possible at all.
  func holds(_ shape: Shape, _ dataType: DataType, at offset: Int) -> Bool {
    guard let byteCount = checkedByteCount(of: shape.dimensions, elementByteCount: dataType.byteCount) else {
      return false
    }
    return offset >= 0 && offset <= bytes.count && byteCount <= bytes.count - offset
  }
}
