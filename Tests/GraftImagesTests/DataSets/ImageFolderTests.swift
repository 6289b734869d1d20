import Foundation
import Testing

@testable import GraftImages

struct ImageFolderTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func message(_ body: () throws(DatasetError) -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      #expect(error.errorDescription == error.description)
      return error.description.replacingOccurrences(of: folder.url.path, with: "DATA")
    }
  }

  @Test func `classes are the subfolders by name and samples lie in a stable order`() throws {
    for path in ["bees/2.jpg", "bees/10.jpg", "ants/nested/b.png", "ants/a", "cats/c.txt"] { try folder.write(path) }
    let opened = try ImageFolder(contentsOf: folder.url)
    #expect(opened.classes == ["ants", "bees", "cats"])
    #expect(opened.samples.map(\.path) == ["ants/a", "ants/nested/b.png", "bees/10.jpg", "bees/2.jpg", "cats/c.txt"])
    #expect(opened.samples.map(\.label) == [0, 0, 1, 1, 2])
    #expect(opened.samples.allSatisfy { FileManager.default.fileExists(atPath: $0.url.path) })
  }

  @Test func `what systems leave behind is no sample`() throws {
    for path in ["a/1.jpg", "b/2.jpg", "a/.DS_Store", "a/Thumbs.db", "b/desktop.ini", ".git/x", "__MACOSX/y", "b/.h/z"]
    {
      try folder.write(path)
    }
    #expect(try ImageFolder(contentsOf: folder.url).samples.map(\.path) == ["a/1.jpg", "b/2.jpg"])
  }

  @Test func `links are followed, and neither circles nor broken links are lost or endless`() throws {
    try folder.write("a/1.jpg")
    try folder.write("b/2.jpg")
    let files = FileManager.default
    try files.createSymbolicLink(
      at: folder.url.appendingPathComponent("c"), withDestinationURL: folder.url.appendingPathComponent("b"))
    try files.createSymbolicLink(
      at: folder.url.appendingPathComponent("a/again"), withDestinationURL: folder.url.appendingPathComponent("a"))
    try files.createSymbolicLink(
      atPath: folder.url.appendingPathComponent("a/lost.jpg").path, withDestinationPath: "nowhere")
    #expect(
      try ImageFolder(contentsOf: folder.url).samples.map(\.path) == ["a/1.jpg", "a/lost.jpg", "b/2.jpg", "c/2.jpg"])
  }

  @Test func `known classes give their labels`() throws {
    try folder.write("bees/1.jpg")
    let opened = try ImageFolder(contentsOf: folder.url, classes: ["wasps", "ants", "bees"])
    #expect(opened.samples.map(\.label) == [2])
    #expect(opened.classes == ["wasps", "ants", "bees"])
  }

  @Test func `an unknown class is named with what it may have meant`() throws {
    try folder.write("bess/1.jpg")
    #expect(
      message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: folder.url, classes: ["ants", "bees"]) }
        == "The subfolder “bess” of DATA is none of the known classes (“ants”, “bees”). Did you mean “bees”?")
    #expect(
      message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: folder.url, classes: ["cats", "dogs"]) }
        == "The subfolder “bess” of DATA is none of the known classes (“cats”, “dogs”).")
  }

  @Test func `a flat folder has samples without labels`() throws {
    try folder.write("1.jpg")
    try folder.write("more/2.jpg")
    let opened = try ImageFolder(withoutClasses: folder.url)
    #expect(opened.samples.map(\.path) == ["1.jpg", "more/2.jpg"])
    #expect(opened.samples.allSatisfy { $0.label == nil })
    #expect(opened.classes.isEmpty)
  }

  @Test func `a missing folder says what to name`() {
    #expect(
      message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: folder.url.appendingPathComponent("none")) }
        == "DATA/none: there is no such folder. Name a folder that holds one subfolder of images for each class.")
  }

  @Test func `a file in place of the folder says what to name`() throws {
    let file = try folder.write("file")
    #expect(
      message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: file) }
        == "DATA/file is a file, not a folder. Name the folder that holds one subfolder of images for each class.")
  }

  @Test func `an empty folder and empty classes say how to arrange images`() throws {
    let words = "DATA holds no images. Put the images of each class into a subfolder named after the class."
    #expect(message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: folder.url) } == words)
    #expect(message { () throws(DatasetError) in _ = try ImageFolder(withoutClasses: folder.url) } == words)
    try folder.makeFolder("a")
    try folder.makeFolder("b")
    #expect(message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: folder.url) } == words)
  }

  @Test func `images beside each other say how to arrange them`() throws {
    try folder.write("1.jpg")
    #expect(
      message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: folder.url) }
        == "DATA holds 1.jpg, but no subfolder for each class. "
        + "Move the images of each class into a subfolder named after it, such as DATA/cats and DATA/dogs.")
    try folder.write("2.jpg")
    try folder.write("3.jpg")
    #expect(
      message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: folder.url) }
        == "DATA holds 1.jpg and 2 more files, but no subfolder for each class. "
        + "Move the images of each class into a subfolder named after it, such as DATA/cats and DATA/dogs.")
  }

  @Test func `one class is not enough`() throws {
    try folder.write("ants/1.jpg")
    #expect(
      message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: folder.url) }
        == "DATA holds one class only, “ants”. Telling classes apart takes at least two: "
        + "add a subfolder of other images.")
  }

  @Test func `a class without images is named`() throws {
    try folder.write("ants/1.jpg")
    try folder.makeFolder("bees")
    #expect(
      message { () throws(DatasetError) in _ = try ImageFolder(contentsOf: folder.url) }
        == "The class “bees” in DATA holds no images. Add some, or remove the subfolder.")
  }
}
