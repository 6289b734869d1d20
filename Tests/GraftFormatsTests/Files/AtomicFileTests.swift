import Foundation
import Testing

@testable import GraftFormats

private struct Interruption: Error {}

@Suite struct `Atomic files` {
  @Test func `replace their target whole and leave nothing else`() throws {
    let folder = try TemporaryFolder()
    let target = try folder.file("a", [1])
    try AtomicFile.write(to: target) { file in
      try file.write([2, 3])
      #expect(try Data(contentsOf: target) == Data([1]))
    }
    #expect(try Data(contentsOf: target) == Data([2, 3]))
    #expect(folder.names == ["a"])
  }

  @Test func `leave the target as it was when the writing fails`() throws {
    let folder = try TemporaryFolder()
    let target = try folder.file("a", [1])
    #expect(throws: Interruption.self) {
      try AtomicFile.write(to: target) { file in
        try file.write([2])
        throw Interruption()
      }
    }
    #expect(try Data(contentsOf: target) == Data([1]))
    #expect(folder.names == ["a"])
  }

  @Test func `follow a symbolic link to the file behind it`() throws {
    let folder = try TemporaryFolder()
    let target = try folder.file("a", [1])
    let link = folder.url.appending(path: "link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
    try AtomicFile.write(to: link) { try $0.write([2]) }
    #expect(try Data(contentsOf: target) == Data([2]))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == target.path)
  }

  @Test func `refuse places where no file can be, in words`() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.path
    let missing = folder.url.appending(path: "missing/a")
    #expect(
      message { _ = try AtomicFile(replacing: missing) }
        == "\(path)/missing/a cannot be written: No such file or directory.")
    #expect(
      message { _ = try AtomicFile(replacing: URL(filePath: path)) } == "\(path) cannot be written: it is a folder.")
    // Renaming over a device would remove it.
    #expect(
      message { _ = try AtomicFile(replacing: URL(filePath: "/dev/null")) }
        == "/dev/null cannot be written: it is not a regular file.")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "this system has no /dev/full"))
  func `say that the disk is full`() throws {
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    let words = message {
      try [UInt8](repeating: 1, count: 100).withUnsafeBytes { try writeAll($0, to: full, path: "a") }
    }
    #expect(words == "a cannot be written: No space left on device.")
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may write everywhere"))
  func `say that the folder cannot be written to`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.url.path)
    let target = folder.url.appending(path: "a")
    #expect(
      message { _ = try AtomicFile(replacing: target) } == "\(target.path) cannot be written: Permission denied.")
  }
}
