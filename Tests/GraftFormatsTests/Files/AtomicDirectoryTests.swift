import Foundation
import Testing

@testable import GraftFormats

private struct Interruption: Error {}

@Suite struct `Atomic directories` {
  @Test func `appear whole, parents included, and leave nothing else`() throws {
    let folder = try TemporaryFolder()
    let target = folder.url.appending(path: "runs/first")
    try AtomicDirectory.write(to: target) { temporary in
      try Data([1]).write(to: temporary.appending(path: "model"))
      try FileManager.default.createDirectory(
        at: temporary.appending(path: "plots"), withIntermediateDirectories: false)
      #expect(!FileManager.default.fileExists(atPath: target.path))
    }
    #expect(try Data(contentsOf: target.appending(path: "model")) == Data([1]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: target.path).sorted() == ["model", "plots"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/runs") == ["first"])
  }

  @Test func `leave nothing behind when the writing fails`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: Interruption.self) {
      try AtomicDirectory.write(to: folder.url.appending(path: "run")) { temporary in
        try Data([1]).write(to: temporary.appending(path: "model"))
        throw Interruption()
      }
    }
    #expect(folder.names == [])
  }

  @Test func `take the place of an empty folder, but never of a full one`() throws {
    let folder = try TemporaryFolder()
    let target = folder.url.appending(path: "run")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
    try AtomicDirectory.write(to: target) { try Data([1]).write(to: $0.appending(path: "model")) }
    #expect(folder.names == ["run"])
    let words = message { try AtomicDirectory.write(to: target) { _ in _ = Issue.record("nothing is to be written") } }
    #expect(words == "\(target.path) exists already and is not empty. Name another folder, or remove it first.")
    #expect(try Data(contentsOf: target.appending(path: "model")) == Data([1]))
  }

  @Test func `refuse a target that was filled meanwhile`() throws {
    let folder = try TemporaryFolder()
    let target = folder.url.appending(path: "run")
    let words = message {
      try AtomicDirectory.write(to: target) { _ in
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
        try Data([2]).write(to: target.appending(path: "theirs"))
      }
    }
    #expect(words == "\(target.path) exists already and is not empty. Name another folder, or remove it first.")
    #expect(try Data(contentsOf: target.appending(path: "theirs")) == Data([2]))
    #expect(folder.names == ["run"])
  }

  @Test func `refuse places where no folder can be, in words`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", [1])
    #expect(
      message { _ = try AtomicDirectory(replacing: file) } == "\(file.path) cannot be written: it is a file.")
    let below = file.appending(path: "run")
    #expect(
      message { _ = try AtomicDirectory(replacing: below) } == "\(below.path) cannot be written: Not a directory.")
  }
}
