import Foundation
import Testing

@testable import GraftImages

struct ImageDatasetsTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func fill(_ counts: [String: Int]) throws {
    for (name, count) in counts {
      for number in 0..<count { try folder.write("\(name)/\(number).jpg") }
    }
  }

  private func message(split: Double? = nil) -> String {
    do {
      _ = try ImageDatasets.open(folder.url, split: split, seed: 1)
      return "no error"
    } catch {
      return error.description.replacingOccurrences(of: folder.url.path, with: "DATA")
    }
  }

  @Test(arguments: ["val", "valid", "validation", "Val"])
  func `folders for training and validation are used as they are`(validation: String) throws {
    try fill(["train/a": 3, "train/b": 2, "\(validation)/a": 1, "\(validation)/b": 1, "test/a": 1])
    let sets = try ImageDatasets.open(folder.url, seed: 1)
    #expect(sets.classes == ["a", "b"])
    #expect(
      sets.training.map(\.path) == [
        "train/a/0.jpg", "train/a/1.jpg", "train/a/2.jpg", "train/b/0.jpg", "train/b/1.jpg",
      ])
    #expect(sets.validation.map(\.path) == ["\(validation)/a/0.jpg", "\(validation)/b/0.jpg"])
    #expect(sets.validation.map(\.label) == [0, 1])
    #expect(sets.division == .folders(training: "train", validation: validation))
  }

  @Test func `classes that differ are named`() throws {
    try fill(["train/a": 1, "train/b": 1, "train/c": 1, "val/a": 1, "val/d": 1])
    #expect(
      message() == "train/ and val/ in DATA hold different classes: only train/ has “b”, “c”; only val/ has “d”. "
        + "Give both the same subfolders.")
  }

  @Test func `a split sets a fifth of every class aside`() throws {
    try fill(["a": 10, "b": 25, "c": 2, "d": 1])
    let sets = try ImageDatasets.open(folder.url, seed: 7)
    func counts(_ samples: [Sample]) -> [Int] { (0..<4).map { label in samples.filter { $0.label == label }.count } }
    #expect(counts(sets.validation) == [2, 5, 1, 0])
    #expect(counts(sets.training) == [8, 20, 1, 1])
    let all = try ImageFolder(contentsOf: folder.url).samples
    #expect(Set(sets.training).isDisjoint(with: sets.validation))
    #expect(Set(sets.training).union(sets.validation) == Set(all))
    #expect(sets.training == all.filter(Set(sets.training).contains))
  }

  @Test func `no split takes all images of a class`() throws {
    try fill(["a": 3, "b": 3])
    let sets = try ImageDatasets.open(folder.url, split: 0.99, seed: 1)
    #expect(sets.training.map(\.label) == [0, 1])
    #expect(sets.validation.count == 4)
  }

  @Test func `the seed alone decides the split`() throws {
    try fill(["a": 30, "b": 30])
    let first = try ImageDatasets.open(folder.url, seed: 1)
    #expect(try ImageDatasets.open(folder.url, seed: 1) == first)
    #expect(try ImageDatasets.open(folder.url, seed: 2).validation != first.validation)
    let names = { (label: Int) in first.validation.filter { $0.label == label }.map { $0.url.lastPathComponent } }
    #expect(names(0) != names(1), "both classes drew the same numbers")
  }

  @Test func `more images in one class leave the others' division as it was`() throws {
    try fill(["a": 30, "b": 30])
    let first = try ImageDatasets.open(folder.url, seed: 1)
    try fill(["a": 40])
    let second = try ImageDatasets.open(folder.url, seed: 1)
    #expect(first.validation.filter { $0.label == 1 } == second.validation.filter { $0.label == 1 })
  }

  @Test func `a training folder alone is split`() throws {
    try fill(["train/a": 5, "train/b": 5, "test/a": 2])
    let sets = try ImageDatasets.open(folder.url, seed: 1)
    #expect(sets.classes == ["a", "b"])
    #expect(sets.training.count == 8)
    #expect(sets.validation.count == 2)
    #expect(sets.validation.allSatisfy { $0.path.hasPrefix("train/") })
  }

  @Test func `train may be a class like any other`() throws {
    try fill(["train": 5, "plane": 5])
    #expect(try ImageDatasets.open(folder.url, seed: 1).classes == ["plane", "train"])
  }

  @Test func `a split outside 0 to 1 is refused`() throws {
    try fill(["a": 5, "b": 5])
    for split in [0, 1, -0.5, 20] {
      #expect(
        message(split: split)
          == "The share to set aside for validation is \(split), but must lie between 0 and 1, such as 0.2.")
    }
    #expect(message(split: .nan).contains("is nan"))
  }

  @Test func `a split of a divided folder is refused`() throws {
    try fill(["train/a": 5, "train/b": 5, "val/a": 1, "val/b": 1])
    #expect(
      message(split: 0.3) == "DATA is divided already: its validation images are in val/. "
        + "Leave out the split, or name the folder that is to be split.")
  }
}
