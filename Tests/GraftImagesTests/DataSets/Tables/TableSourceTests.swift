import Foundation
import GraftGraph
import Testing

@testable import GraftImages

struct TableSourceTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 1...9 { try folder.write("\(number).jpg") }
  }

  private func open(
    _ table: String, named name: String = "t.csv", seed: UInt64 = 1,
    _ change: (inout DataRequest) throws -> Void = { _ in }
  ) throws -> ImageDatasets {
    var request = DataRequest([try folder.write(name, Data(table.utf8))])
    try change(&request)
    return try ImageDatasets.open(request, seed: seed)
  }

  private func message(
    _ table: String, named name: String = "t.csv", _ change: (inout DataRequest) throws -> Void = { _ in }
  ) -> String {
    do {
      return "no error: \(try open(table, named: name, change).tasks)"
    } catch {
      return "\(error)".replacingOccurrences(of: folder.url.path, with: "DATA")
    }
  }

  @Test func `paths, classes, weights and sides`() throws {
    let sets = try open(
      "File Name,class,fold,Weight\n1.jpg,cat,Train,1\n2.jpg,dog,val,2\n3.jpg,dog,train,0.5\n\(folder.url.path)/4.jpg,cat,TEST,0\n"
    )
    #expect(sets.tasks == [.classification(classes: ["cat", "dog"])] && sets.classes == ["cat", "dog"])
    #expect(sets.training.map(\.path) == ["1.jpg", "3.jpg"] && sets.training.map(\.label) == [0, 1])
    #expect(sets.training.map(\.weight) == [1, 0.5])
    #expect(sets.validation.map(\.path) == ["2.jpg"] && sets.test.map(\.path) == ["\(folder.url.path)/4.jpg"])
    #expect(sets.training[0].url.path == folder.url.appendingPathComponent("1.jpg").path)
    #expect(sets.division == .given && sets.warnings.isEmpty)
  }

  @Test func `JSON says the same as CSV`() throws {
    let csv = try open("path,label,weight\n1.jpg,a,2\n2.jpg,b,1\n3.jpg,a,1\n4.jpg,b,1\n")
    let json = try open(
      "[{\"path\":\"1.jpg\",\"label\":\"a\",\"weight\":2},{\"path\":\"2.jpg\",\"label\":\"b\",\"weight\":1},"
        + "{\"path\":\"3.jpg\",\"label\":\"a\",\"weight\":1.0},{\"path\":\"4.jpg\",\"label\":\"b\",\"weight\":1}]",
      named: "t.json")
    #expect(csv == json)
  }

  @Test func `several labels an image`() throws {
    let expected: [Target] = [.labels([0, 1]), .labels([]), .labels([2])]
    func targets(_ table: String, named name: String = "t.csv") throws -> [Target] {
      let sets = try open(table, named: name)
      #expect(sets.tasks == [.multiLabel(labels: ["a", "b", "c d"])])
      return (sets.training + sets.validation).sorted { $0.path < $1.path }.flatMap(\.targets)
    }
    #expect(try targets("path,labels\n1.jpg,b | a\n2.jpg,\n3.jpg,c d\n") == expected)
    #expect(try targets("path,labels\n1.jpg,a;b\n2.jpg,\n3.jpg,c d\n") == expected)
    #expect(
      try targets(
        "{\"path\":\"1.jpg\",\"labels\":[\"b\",\"a\"]}\n{\"path\":\"2.jpg\",\"labels\":[]}\n"
          + "{\"path\":\"3.jpg\",\"labels\":[\"c d\"]}", named: "t.jsonl") == expected)
    let spaces = try open("path,labels\n1.jpg,a b\n2.jpg,b\n3.jpg,a\n")
    #expect(spaces.tasks == [.multiLabel(labels: ["a", "b"])])
  }

  @Test func `several heads, in the order of classes, labels and values`() throws {
    let sets = try open(
      "path,kind,age,tags,mood,size\n1.jpg,cat,3,x|y,calm,0.5\n2.jpg,dog,-1e1,,wild,7\n3.jpg,cat,0,y,wild,1\n"
    ) {
      $0.columns.labels = ["kind", "mood"]
      $0.columns.multiLabels = ["tags"]
      $0.columns.values = ["age", "size"]
      $0.columns.split = "none"
    }
    #expect(
      sets.tasks == [
        .classification(classes: ["cat", "dog"]), .classification(classes: ["calm", "wild"]),
        .multiLabel(labels: ["x", "y"]),
        .regression(values: ["age", "size"]),
      ])
    let all = (sets.training + sets.validation).sorted { $0.path < $1.path }
    #expect(all[0].targets == [.oneClass(0), .oneClass(0), .labels([0, 1]), .values([3, 0.5])])
    #expect(all[1].targets == [.oneClass(1), .oneClass(1), .labels([]), .values([-10, 7])])
  }

  @Test func `numbers as names of classes are in the order of their size`() throws {
    let sets = try open("path,label\n1.jpg,10\n2.jpg,9\n3.jpg,10\n4.jpg,9\n5.jpg,-1\n")
    #expect(sets.classes == ["-1", "9", "10"])
  }

  @Test func `a table with training and test has its validation set aside from the training`() throws {
    let sets = try open("path,label,split\n1.jpg,a,train\n2.jpg,a,train\n3.jpg,b,train\n4.jpg,b,train\n5.jpg,a,test\n")
    #expect(sets.test.map(\.path) == ["5.jpg"])
    #expect(sets.training.count == 2 && sets.validation.count == 2)
    #expect(sets.division == .split(validation: 0.2, test: 0))
  }

  @Test func `a column with numbers of folds`() throws {
    let table = "path,label,fold\n1.jpg,a,0\n2.jpg,b,1\n3.jpg,a,1\n4.jpg,b,0\n"
    let sets = try open(table) { $0.division.fold = 1 }
    #expect(sets.validation.map(\.path) == ["2.jpg", "3.jpg"] && sets.training.map(\.path) == ["1.jpg", "4.jpg"])
    #expect(
      message(table)
        == "The column “fold” of DATA/t.csv holds numbers of folds (0, 1). Name the one for validation with "
        + "--fold, or another column with --split-column (or none).")
  }

  @Test func `a fold of a column that holds no folds is refused`() {
    let table = "path,label,split\n1.jpg,a,train\n2.jpg,b,val\n"
    #expect(
      message(table) { $0.division.fold = 1 }.hasPrefix("The fold for validation is 1, but nobody says of how many."))
    #expect(
      message(table) {
        $0.columns.split = "none"; $0.division.fold = 1
      }.hasPrefix("The fold for validation is 1, but"))
  }

  @Test func `images in another folder, and outside of it`() throws {
    try folder.write("a/t.csv", Data("path,label\n../1.jpg,x\n../b/../2.jpg,y\n".utf8))
    try folder.makeFolder("b")
    var request = DataRequest([folder.url.appendingPathComponent("a/t.csv")])
    #expect(try ImageDatasets.open(request, seed: 1).training.map(\.path) == ["../1.jpg", "../b/../2.jpg"])
    try folder.write("c/t.csv", Data("path,label\n1.jpg,x\n2.jpg,y\n".utf8))
    request = DataRequest([folder.url.appendingPathComponent("c/t.csv")])
    request.images = folder.url
    #expect(try ImageDatasets.open(request, seed: 1).training.count == 2)
  }

  @Test func `groups by a column or by the path`() throws {
    let table = "path,label,patient\n1.jpg,a,p1\n2.jpg,b,p2\n3.jpg,a,p1\n4.jpg,b,p2\n"
    let sets = try open(table) { $0.groupBy = "patient" }
    #expect(
      Set((sets.training + sets.validation).map { "\($0.path) \($0.group ?? "")" })
        == ["1.jpg p1", "2.jpg p2", "3.jpg p1", "4.jpg p2"])
    #expect(Set(sets.training.map(\.group)).isDisjoint(with: Set(sets.validation.map(\.group))))
    let byPath = try open(table) { $0.groupBy = "^([12])" }
    #expect(Set((byPath.training + byPath.validation).map(\.group)) == ["1", "2", nil])
    #expect(message(table) { $0.groupBy = "patients" }.contains("has no column “patients”"))
  }

  @Test func `a group that the table has torn apart is named`() throws {
    let sets = try open("path,label,split,g\n1.jpg,a,train,p\n2.jpg,b,val,p\n3.jpg,b,train,q\n") { $0.groupBy = "g" }
    #expect(sets.warnings.map(\.description) == ["the group p is on more than one side of the division"])
  }

  @Test func `files that are not there are left out and named, unless all are`() throws {
    let sets = try open("path,label\n1.jpg,a\ngone.jpg,a\n2.jpg,b\n3.jpg,b\n4.jpg,a\n")
    #expect(sets.training.count + sets.validation.count == 4)
    #expect(
      sets.warnings.map(\.description).map { $0.replacingOccurrences(of: folder.url.path, with: "DATA") }
        == ["DATA/t.csv names 1 file that is not there, and left out: gone.jpg (line 3)"])
    #expect(
      message("path,label\nx/1.jpg,a\nx/2.jpg,b\n") == "None of the files that DATA/t.csv names is there. "
        + "line 2: there is no file x/1.jpg. The paths are looked for in DATA: name another folder with --images.")
  }

  @Test func `a loop of links is a file that is not there`() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.path + "/loop", withDestinationPath: folder.url.path + "/loop")
    let sets = try open("path,label\nloop/x.jpg,a\n1.jpg,a\n2.jpg,b\n")
    #expect(sets.warnings.count == 1)
  }

  @Test func `an image named twice`() throws {
    let sets = try open("path,label\n1.jpg,a\n2.jpg,b\n1.jpg,a\n")
    #expect(sets.training.count + sets.validation.count == 2)
    #expect("\(sets.warnings)".contains("says the same of an image twice; left out: line 4"))
    #expect(
      message("path,label\n1.jpg,a\n2.jpg,b\n1.jpg,b\n") == "DATA/t.csv, line 4: 1.jpg stands in line 2 too, and there "
        + "other things are said of it. Remove one of the two lines.")
  }

  @Test(arguments: [
    ("path,label\n1.jpg,\n", "DATA/t.csv, line 2: the cell “label” is empty. Fill it, or remove the line."),
    ("path,label\n,a\n", "DATA/t.csv, line 2: the cell “path” is empty. Fill it, or remove the line."),
    (
      "path,label\n1.jpg,0.37\n2.jpg,-.5\n3.jpg,4\n",
      "DATA/t.csv, line 2: the cell “label” holds the number 0.37, where the name of a class was expected. "
        + "For numbers to predict, use --value-column label. There are problems in line 3 too."
    ),
    (
      "path,label,split\n1.jpg,a,trian\n",
      "DATA/t.csv, line 2: the cell “split” holds “trian”; expected train, val or test."
    ),
    (
      "path,label,weight\n1.jpg,a,-1\n",
      "DATA/t.csv, line 2: the cell “weight” holds -1, but a weight must be 0 or more."
    ),
    (
      "path;label;weight\n1.jpg;a;1,5\n",
      "DATA/t.csv, line 2: the cell “weight” holds “1,5”, where a number was expected: write it with a decimal point."
    ),
    (
      "path,label,weight\n1.jpg,a,nan\n",
      "DATA/t.csv, line 2: the cell “weight” holds “nan”, where a number was expected."
    ),
    (
      "path,label\n",
      "DATA/t.csv holds no rows. Put the names of the columns into the first line, and one image on each of "
        + "the others."
    ),
    (
      "path,label\n1.jpg,a\n2.jpg,a\n",
      "DATA/t.csv holds one class only, “a”. Telling classes apart takes at least two: add images of another."
    ),
    (
      "picture,label\n1.jpg,a\n",
      "None of the columns of DATA/t.csv (“picture”, “label”) is known to hold the images' files. Say which one does: "
        + "--path-column."
    ),
    (
      "path,kind\n1.jpg,a\n",
      "None of the columns of DATA/t.csv (“path”, “kind”) is known to hold the images' classes. Say which one does: "
        + "--label-column, --labels-column (several labels an image) or --value-column (numbers)."
    ),
  ])
  func `what is wrong is said with its line`(table: String, words: String) {
    #expect(message(table) == words)
  }

  @Test func `mistakes in the request`() {
    let table = "path,label\n1.jpg,a\n2.jpg,b\n"
    #expect(
      message(table) { $0.columns.labels = ["lable"] }
        == "DATA/t.csv has no column “lable”; it has “path”, “label”. Did you mean “label”?")
    #expect(
      message("path,label,split\n1.jpg,a,train\n2.jpg,b,val\n") { $0.division.validation = 0.3 }
        == "DATA/t.csv is divided already, by its column “split”. Leave out the split, or name another column with "
        + "--split-column (or none).")
    #expect(
      message(table) { $0.sources = [self.folder.url.appendingPathComponent("none.csv")] }
        == "DATA/none.csv: there is no such folder or table. Name a folder of images, or a table that names them.")
  }

  @Test func `many numbers as classes are doubted`() throws {
    for number in 10...60 { try folder.write("\(number).jpg") }
    let sets = try open("path,label\n" + (1...60).map { "\($0).jpg,\($0)" }.joined(separator: "\n"))
    #expect("\(sets.warnings)".contains("holds 60 different numbers for 60 images"))
  }
}
