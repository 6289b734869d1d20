import CHDF5
import GraftTensors

extension HDF5Outline {
  /// Lists a whole file through the HDF5 library, and reads the elements that cannot stay where they are.
  ///
  /// - Parameters:
  ///   - file: known to be HDF5, and whole.
  ///   - path: where the library finds the file, if not under the name that messages have for it.
  ///   - keep: keeps a tensor and tells its place.
  /// - Throws: `FormatError` where the file is damaged at its root, nests too deep, or lists more than it has room for;
  ///   whatever `keep` throws.
  init(
    reading file: MappedFile, at path: String? = nil, elements: HDF5Tree.Selection, keep: (Tensor) throws -> Int
  ) throws {
    objects = try HDF5Library.exclusively {
      try withoutActuallyEscaping(keep) { keep in
        var walk = Walk(selection: elements, file: file, keep: keep)
        // Closing the file closes all that was opened in it.
        try OpenHDF5File.withFile(file, at: path ?? file.path) { open in try walk.visit(open.root(), depth: 0) }
        return walk.objects
      }
    }
  }

  /// The most that the elements of a file may take that cannot stay in it. Weights hardly compress.
  static func copiesByteCount(ofFile byteCount: Int) -> Int {
    2 * byteCount + 192 << 20
  }

  private struct Walk {
    let selection: HDF5Tree.Selection
    let file: MappedFile
    let keep: (Tensor) throws -> Int
    private(set) var objects: [Entry] = []
    private var firstPaths: [UInt64: String] = [:]
    /// Bytes of names and attributes that may still be listed. Deep groups with long names make long paths.
    private var textBudget: Int
    private var elementBudget: Int
    private var visitBudget: Int

    init(selection: HDF5Tree.Selection, file: MappedFile, keep: @escaping (Tensor) throws -> Int) {
      self.selection = selection
      self.file = file
      self.keep = keep
      textBudget = min(8 * file.bytes.count, 64 << 20)
      elementBudget = HDF5Outline.copiesByteCount(ofFile: file.bytes.count)
      // A link takes more than 8 bytes of the file.
      visitBudget = min(file.bytes.count / 8, 1 << 20)
    }

    mutating func visit(_ object: consuming OpenHDF5Object, depth: Int) throws {
      guard depth <= 64 else { throw object.malformed("its groups nest more than 64 deep") }
      // Groups can contain themselves, by hard links; each object is looked at once.
      if let address = object.address {
        if let first = firstPaths[address] { return try add(object.path, .link(to: first)) }
        firstPaths[address] = object.path
      }
      let attributes = object.attributes(budget: &textBudget)
      if object.isDataSet { return try visitDataSet(object, attributes) }
      guard object.isGroup else {
        return try add(object.path, .other(object.isType ? "a type" : "an object of no known kind"), attributes)
      }
      let links: [OpenHDF5Object.Link]
      do {
        links = try object.links()
      } catch let error as FormatError where depth > 0 {
        return try add(object.path, .unreadable(error), attributes)
      }
      try add(object.path, .group(members: links.map(\.name)), attributes)
      for link in links {
        let path = object.path(of: link.name)
        switch link.kind {
        case .object:
          guard let child = object.child(link.name) else {
            try add(path, .unreadable(object.malformed("the HDF5 library cannot open \(path)")))
            continue
          }
          try visit(child, depth: depth + 1)
        case .soft: try add(path, .link(to: object.target(of: link)))
        case .external: try add(path, .elsewhere(file: object.target(of: link)))
        case .other: try add(path, .other("a link of a kind of its own"))
        }
      }
    }

    private mutating func visitDataSet(
      _ object: consuming OpenHDF5Object, _ attributes: [String: HDF5Tree.Attribute]
    ) throws {
      let path = object.path
      do {
        // Keras 3 writes bfloat16, which HDF5 has no name for, as two bytes of its own and says so beside them.
        let isBfloat16 = attributes["dtype"] == .texts(["bfloat16"])
        let dataSet = try OpenHDF5DataSet(object, isBfloat16: isBfloat16)
        let content = DataSet(
          shape: dataSet.shape, type: dataSet.elementType.description, dataType: dataSet.elementType.dataType,
          elements: try elements(of: dataSet, isWanted: selection.includes(path)))
        try add(path, .dataSet(content), attributes)
      } catch let error as FormatError {
        if case .writeFailed = error { throw error }
        try add(path, .unreadable(error), attributes)
      }
    }

    private mutating func elements(of dataSet: borrowing OpenHDF5DataSet, isWanted: Bool) throws -> Elements {
      do {
        if let offset = try dataSet.offset() { return .inFile(offset: offset) }
        guard isWanted else { return .unreadable(dataSet.unwanted) }
        return .copied(try keep(dataSet.copy(budget: &elementBudget)))
      } catch let error as FormatError {
        if case .writeFailed = error { throw error }
        return .unreadable(error)
      }
    }

    private mutating func add(
      _ path: String, _ content: Content, _ attributes: [String: HDF5Tree.Attribute] = [:]
    ) throws {
      guard visitBudget > 0, path.utf8.count <= textBudget else {
        throw FormatError.malformed(
          path: file.path, format: "HDF5", reason: "it lists more objects than it has room for")
      }
      visitBudget -= 1
      textBudget -= path.utf8.count
      objects.append(Entry(path: path, content: content, attributes: attributes))
    }
  }
}
