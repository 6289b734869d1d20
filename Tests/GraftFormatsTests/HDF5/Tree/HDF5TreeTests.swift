import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `HDF5 trees` {
  @Test func `list every data set with path, shape and type`() throws {
    let dataSets = try HDF5Tree(contentsOf: fixture("other.h5")).dataSets
    #expect(dataSets.map(\.path) == ["/images", "/labels/names"])
    #expect(dataSets.map(\.shape) == [[2, 2], [2]])
    #expect(dataSets.map(\.type) == ["float32", "text"])
    #expect(dataSets.map(\.dataType) == [.float32, nil])
    let types = try HDF5Tree(contentsOf: fixture("element-types.h5"))
    #expect(types.dataSets.count == 14)
    #expect(types["/dense/int32_big"]?.type == "int32, big-endian")
  }

  @Test func `have attributes of texts and numbers`() throws {
    let root = try HDF5Tree(contentsOf: fixture("tree.h5")).root
    #expect(root.attributes["count"] == .numbers([3]))
    #expect(root.attributes["nothing"] == .numbers([]))
    #expect(root.attributes["text"] == .texts(["größe"]))
    #expect(root.attributes["texts"] == .texts(["one", "", "three"]))
    #expect(root.attributes["structure"] == .other("a structure"))
    #expect(root.attributes["long"] == .other("5,000 numbers"))
    guard case .numbers(let list) = root.attributes["list"] else { throw FormatError.fileNotFound(path: "list") }
    #expect(list[0] == 1.5 && list[1].isNaN && list[2] == .infinity && list[3] == -2)
    #expect(try root.text("text") == "größe")
    #expect(try root.texts("nothing") == [])
    #expect(try root.texts("none") == nil)
    #expect(message { _ = try root.texts("count") }.contains("the attribute 'count' of / is no text"))
    #expect(try root.child("group/numbers")?.text("unit") == "m")
  }

  @Test func `follow links within the file, and list each object once`() throws {
    let tree = try HDF5Tree(contentsOf: fixture("tree.h5"))
    #expect(tree.dataSets.map(\.path) == ["/again", "/packed"])
    #expect(tree.root.memberNames.count == 9)
    for path in [
      "/again", "/absolute", "/group/numbers", "/group/relative", "/folder/relative", "/group/within/within/numbers",
    ] {
      #expect(try tree[path]?.tensor().floats == [1, 2], "\(path)")
    }
    #expect(tree["/nowhere"] == nil)
    #expect(tree["/group"]?.isGroup == true)
    #expect(tree["/group/kind"]?.isGroup == false)
    #expect(tree["/packed"]?.name == "packed")
    #expect(message { _ = try tree.root.child("circle") }.contains("leads in circles"))
    #expect(message { _ = try tree.root.child("outside/x") }.contains("holds a link to another file at /outside"))
    #expect(message { _ = try tree.root.tensor() }.contains("/ is no data set"))
    let contained = try HDF5Tree(contentsOf: fixture("links.h5"))
    #expect(contained["/dense/self/self/self"]?.path == "/dense")
  }

  @Test(arguments: [("float32", true), ("float64", true), ("int8", true), ("float32_big", false), ("gzip", false)])
  func `map what lies in one piece, and copy the rest`(name: String, isMapped: Bool) throws {
    let tree = try HDF5Tree(contentsOf: fixture("element-types.h5"))
    guard case .dataSet(let dataSet) = tree["/dense/\(name)"]?.entry?.content else {
      throw FormatError.fileNotFound(path: name)
    }
    switch dataSet.elements {
    case .inFile: #expect(isMapped)
    case .copied: #expect(!isMapped)
    case .unreadable: Issue.record("unreadable")
    }
  }

  @Test func `copy only the elements that are asked for`() throws {
    let url = try fixture("tree.h5")
    #expect(try HDF5Tree(contentsOf: url)["/packed"]?.tensor().floats == ramp(1000, from: 0))
    for selection in [HDF5Tree.Selection.none, .outside(["/packed"])] {
      let tree = try HDF5Tree(contentsOf: url, elements: selection)
      #expect(tree["/packed"]?.shape == [1000])
      #expect(try tree["/again"]?.tensor().floats == [1, 2])
      let words = message { _ = try tree["/packed"]?.tensor() }
      #expect(
        words
          == "\(url.path) holds numbers at /packed that were not asked for, which Graft does not read. "
          + "Read the file with all of its elements.")
    }
    #expect(HDF5Tree.Selection.outside(["/a"]).includes("/ab/c"))
    #expect(!HDF5Tree.Selection.outside(["/a"]).includes("/a/c"))
  }

  @Test func `know Keras's bfloat16`() throws {
    let tensor = try HDF5Tree(contentsOf: fixture("named.weights.h5"))["/layers/conv2d/vars/2"]?.tensor()
    #expect(tensor?.dataType == .bfloat16)
    #expect(tensor?.floats == [1, 2, 3])
  }

  @Test func `unpack no more than their budget`() throws {
    #expect(HDF5Outline.copiesByteCount(ofFile: 1 << 20) == 194 << 20)
    let url = try fixture("bomb.h5")
    let words = message { _ = try HDF5Tree(contentsOf: url)["/dense/kernel:0"]?.tensor() }
    #expect(
      words
        == "\(url.path) is not a valid HDF5 file: the data set /dense/kernel:0 announces 4,398,046,511,104 bytes, but "
        + "only 14 are stored. Download it again, or write it again with the program that made it.")
  }

  @Test(.enabled(if: Shared.exists, "there is no folder `shared` beside the package"))
  func `of HDF5's own test files are read or refused, never worse`() throws {
    let files = try Shared.files("material/hdf5")
    #expect(files.count > 30)
    var listed = 0
    for url in files {
      let words = message {
        let dataSets = try HDF5Tree(contentsOf: url).dataSets
        listed += dataSets.isEmpty ? 0 : 1
        for dataSet in dataSets {
          let words = message { _ = try dataSet.tensor() }
          #expect(words == "nothing" || words.hasPrefix(url.path), "\(words)")
        }
      }
      #expect(words == "nothing" || words.hasPrefix(url.path), "\(words)")
      #expect(message { _ = try KerasWeights(contentsOf: url) }.hasPrefix(url.path))
    }
    #expect(listed > 10)
  }
}

/// What comes from another process is not believed.
@Suite struct `HDF5 outlines that are wrong` {
  private func tree(_ objects: [HDF5Outline.Entry]) throws -> HDF5Tree {
    let file = try MappedFile(fixture("keras1.h5"))
    return HDF5Tree(file: file, outline: HDF5Outline(objects: objects), copies: .file(file))
  }

  private func dataSet(_ shape: Shape, _ elements: HDF5Outline.Elements) -> HDF5Outline.Entry {
    .init(
      path: "/a", content: .dataSet(.init(shape: shape, type: "float32", dataType: .float32, elements: elements)),
      attributes: [:])
  }

  @Test(arguments: [
    ([1 << 20], 0), ([4], -8), ([-1], 0), ([4], .max), ([1 << 40, 1 << 40], 0), ([0, 1 << 40, 1 << 40], 0),
  ])
  func `lead to no byte outside of the file`(shape: [Int], offset: Int) throws {
    for elements in [HDF5Outline.Elements.inFile(offset: offset), .copied(offset)] {
      let tree = try tree([dataSet(Shape(shape), elements)])
      let words = message { _ = try tree["/a"]?.tensor() }
      #expect(words.contains("the data set /a reaches beyond the end of the file"))
    }
  }

  @Test func `may name objects twice, or members that are none`() throws {
    let root = HDF5Outline.Entry(path: "/", content: .group(members: ["a", "b"]), attributes: [:])
    let tree = try tree([root, root, dataSet([0], .inFile(offset: 0))])
    #expect(tree["/b"] == nil)
    #expect(tree["/a/b"] == nil)
    #expect(try tree["/a"]?.tensor().shape == [0])
    let empty = try self.tree([])
    #expect(empty["/a"] == nil)
    #expect(empty.root.memberNames.isEmpty)
  }
}
