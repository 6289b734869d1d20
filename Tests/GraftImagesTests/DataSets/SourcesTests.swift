import Foundation
import GraftGraph
import Testing

@testable import GraftImages

/// Folders in other ways than one with a subfolder for each class.
struct SourcesTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func fill(_ counts: [String: Int]) throws {
    for (name, count) in counts {
      for number in 0..<count { try folder.write("\(name)/\(number).jpg") }
    }
  }

  private func open(_ names: String..., change: (inout DataRequest) throws -> Void = { _ in }) throws -> ImageDatasets {
    var request = DataRequest(names.map { $0.isEmpty ? folder.url : folder.url.appendingPathComponent($0) })
    try change(&request)
    return try ImageDatasets.open(request, seed: 1)
  }

  private func message(_ body: () throws -> ImageDatasets) -> String {
    do {
      return "no error: \(try body().classes)"
    } catch {
      return "\(error)".replacingOccurrences(of: folder.url.path, with: "DATA")
    }
  }

  @Test func `a folder for the test`() throws {
    try fill(["train/a": 3, "train/b": 2, "val/a": 1, "val/b": 1, "test/b": 2])
    let sets = try open("")
    #expect(sets.test.map(\.path) == ["test/b/0.jpg", "test/b/1.jpg"] && sets.test.map(\.label) == [1, 1])
    #expect(
      message { try open("") { $0.division.test = 0.1 } }
        == "DATA is divided already: it has test/. Leave out the share for the test.")
    try fill(["test/c": 1])
    #expect(message { try open("") }.hasPrefix("The subfolder “c” of DATA/test is none of the known classes"))
  }

  @Test func `a test without classes is left out, and that is said`() throws {
    try fill(["train/a": 3, "train/b": 2, "test": 4])
    let sets = try open("")
    #expect(sets.test.isEmpty && sets.training.count + sets.validation.count == 5)
    #expect("\(sets.warnings)".contains("/test holds no folder for each class, so nothing can be tested with it"))
  }

  @Test func `folders together have the classes of all`() throws {
    try fill(["one/a": 5, "one/b": 5, "two/train/b": 4, "two/train/c": 4, "two/val/b": 1, "two/val/c": 1, "three/d": 5])
    let sets = try open("one", "two", "three")
    #expect(sets.classes == ["a", "b", "c", "d"])
    #expect(sets.division == .split(validation: 0.2, test: 0))
    let validation = Dictionary(grouping: sets.validation) { $0.path.prefix { $0 != "/" } }
    #expect(validation["two"]?.map(\.path) == ["two/val/b/0.jpg", "two/val/c/0.jpg"])
    #expect(validation["one"]?.map(\.label) == [0, 1] && validation["three"]?.map(\.label) == [3])
    #expect(sets.training.filter { $0.path.hasPrefix("two/") }.map(\.label) == [1, 1, 1, 1, 2, 2, 2, 2])
  }

  @Test func `folders and tables together, and heads that differ`() throws {
    try fill(["one/a": 5, "one/b": 5, "more": 3])
    try folder.write("more/t.csv", Data("path,label\n0.jpg,b\n1.jpg,c\n2.jpg,c\n".utf8))
    #expect(try open("one", "more/t.csv").classes == ["a", "b", "c"])
    try folder.write("more/v.csv", Data("path,age\n0.jpg,1\n1.jpg,2\n".utf8))
    let words = message { try open("one", "more/v.csv") { $0.columns.values = ["age"] } }
    #expect(words.hasPrefix("DATA/one and DATA/more/v.csv are for different heads"))
  }

  @Test func `classes out of the files' names`() throws {
    for name in ["n01_1.jpg", "n01_2.jpg", "n02_1.jpg", "n02_2.jpg", "note.txt"] { try folder.write(name) }
    try folder.write("names.txt", Data("n01 tench, Tinca tinca\nn02 goldfish\n".utf8))
    let sets = try open("") {
      $0.labelPattern = try PathPattern(#"^(n\d+)_"#)
      $0.labelNames = folder.url.appendingPathComponent("names.txt")
    }
    #expect(sets.classes == ["tench", "goldfish"])
    #expect((sets.training + sets.validation).count == 4)
    #expect("\(sets.warnings)".contains("2 files do not fit ^(n\\d+)_, and are left out, such as n"))
    #expect(
      message { try open("") { $0.labelPattern = try PathPattern("^x(.)") } }
        == "“^x(.)” fits none of the paths, such as n01_1.jpg. Make it fit the path below the folder.")
  }

  @Test func `classes out of the files' names, with folders for the sides`() throws {
    for name in ["train/a1.jpg", "train/b1.jpg", "val/a2.jpg", "val/b2.jpg", "test/a3.jpg"] { try folder.write(name) }
    let sets = try open("") { $0.labelPattern = try PathPattern("/([ab])[0-9]") }
    #expect(sets.division == .folders(training: "train", validation: "val"))
    #expect(sets.training.count == 2 && sets.validation.map(\.label) == [0, 1] && sets.test.map(\.label) == [0])
  }

  @Test func `groups out of the path`() throws {
    for scene in 0..<10 { for shot in 0..<3 { try folder.write("\(scene % 2)/s\(scene)_\(shot).jpg") } }
    let sets = try open("") { $0.groupBy = #"/(s\d+)_"# }
    #expect(Set(sets.training.map(\.group)).isDisjoint(with: Set(sets.validation.map(\.group))))
    #expect(sets.validation.count == 6 && Set(sets.validation.map(\.label)) == [0, 1])
  }

  @Test func `patterns that cannot be used`() {
    #expect(
      message { try open("") { $0.labelPattern = try PathPattern("(") } }.hasPrefix("“(” is no regular expression."))
    #expect(
      message { try open("") { $0.labelPattern = try PathPattern("abc") } }
        .hasPrefix("“abc” has no part in round brackets; exactly one is needed"))
    #expect(message { try open("") { $0.labelPattern = try PathPattern("(a)(b)") } }.contains("has 2 parts in round"))
  }

  @Test func `the classes of a network that exists`() throws {
    try fill(["new/bees": 3])
    let sets = try open("new") { $0.knownClasses = ["ants", "bees"] }
    #expect(sets.classes == ["ants", "bees"] && Set((sets.training + sets.validation).map(\.label)) == [1])
    #expect(
      message { try open("new") { $0.knownClasses = ["ants", "bee"] } }
        == "The subfolder “bees” of DATA/new is none of the known classes (“ants”, “bee”). Did you mean “bee”?")
  }

  @Test func `photographs of which nothing is known`() throws {
    try fill(["a/x": 3, "a/y": 3, "b/deep": 2])
    let sets = try open("a") { $0.unlabelled = [folder.url.appendingPathComponent("b")] }
    #expect(
      sets.unlabelled.map(\.path) == ["deep/0.jpg", "deep/1.jpg"] && sets.unlabelled.allSatisfy(\.targets.isEmpty))
  }
}
