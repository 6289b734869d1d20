extension HDF5Tree {
  /// A small value that hangs on a group or a data set.
  public enum Attribute: Hashable, Sendable, Codable {
    /// One or many, of fixed or variable length.
    case texts([String])
    /// One or many, in row-major order, rounded where float64 cannot hold them.
    case numbers([Double])
    /// Of another type, or longer than attributes are: a word for it.
    case other(String)
    case damaged
  }
}

extension HDF5Tree.Object {
  public var attributes: [String: HDF5Tree.Attribute] { entry?.attributes ?? [:] }

  /// The first text of an attribute, scalar as a rule; nil where there is no such attribute or it is empty.
  ///
  /// - Throws: `FormatError.malformed` where the attribute is no text, or damaged.
  public func text(_ name: String) throws -> String? {
    try texts(name)?.first
  }

  /// The texts of an attribute; nil where there is none.
  ///
  /// - Throws: `FormatError.malformed` where the attribute is no text, or damaged.
  public func texts(_ name: String) throws -> [String]? {
    switch attributes[name] {
    case nil: nil
    case .texts(let texts): texts
    // h5py writes an empty list as numbers: layers without weights have it.
    case .numbers([]): []
    case .numbers, .other: throw tree.malformed("the attribute '\(name)' of \(path) is no text")
    case .damaged: throw tree.malformed("the attribute '\(name)' of \(path) is damaged")
    }
  }
}
