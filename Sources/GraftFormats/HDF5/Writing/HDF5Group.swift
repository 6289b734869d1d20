import GraftTensors

/// What an HDF5 file is to hold: attributes, data sets and groups below this one.
///
/// ```swift
/// var root = HDF5Group()
/// root.attributes["layer_names"] = .fixedTexts(["conv1"])
/// root.add(kernel, at: "conv1/kernel:0")
/// try root.write(to: url)
/// ```
public struct HDF5Group: Sendable {
  public enum Attribute: Hashable, Sendable {
    /// One, of variable length, in UTF-8.
    case text(String)
    /// A list whose elements all take as many bytes as the longest, as NumPy's arrays of bytes do.
    ///
    /// One that takes more than 64,512 bytes is too large for an attribute, and written in as many equal parts as
    /// needed, with a number after the name: `layer_names0`, `layer_names1`, …, as Keras does it
    /// (`save_attributes_to_hdf5_group` in `keras/src/legacy/saving/legacy_h5_format.py`).
    case fixedTexts([String])
    /// A list of variable lengths, in UTF-8. At most 4,000 of them.
    case texts([String])
    case number(Double)
  }

  enum Member: Sendable {
    case group(HDF5Group)
    case dataSet(Tensor)
  }

  public var attributes: [String: Attribute] = [:]
  private(set) var members: [String: Member] = [:]

  public init() {}

  /// Adds a data set, and the groups on the way to it.
  ///
  /// - Parameter path: from this group, with '/' between the parts.
  public mutating func add(_ tensor: Tensor, at path: String) {
    change(path) { $0 = .dataSet(tensor) }
  }

  /// Lends the group at a path, which is made where there is none; a data set in its place is lost.
  public mutating func withGroup(at path: String, _ body: (inout HDF5Group) -> Void) {
    change(path) { member in
      var group = member?.group ?? HDF5Group()
      body(&group)
      member = .group(group)
    }
  }

  private mutating func change(_ path: String, _ body: (inout Member?) -> Void) {
    let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: true).map(String.init)
    precondition(!parts.isEmpty, "a member of a group needs a name")
    if parts.count == 1 { return body(&members[parts[0]]) }
    var group = members[parts[0]]?.group ?? HDF5Group()
    group.change(parts[1], body)
    members[parts[0]] = .group(group)
  }
}

extension HDF5Group.Member {
  var group: HDF5Group? {
    if case .group(let group) = self { group } else { nil }
  }
}
