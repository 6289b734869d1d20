import Foundation
import GraftFormats
import Testing

@Suite struct FolderTests {
  private let root = FileManager.default.temporaryDirectory.appending(path: "folders-\(UUID().uuidString)")

  @Test func `parents are made, and what is there is welcome`() throws {
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = root.appending(path: "a/b/c")
    for _ in 1...2 { try FileManager.default.makeFolder(folder) }
    #expect(try folder.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true)
  }

  @Test func `many at once make one folder`() async throws {
    defer { try? FileManager.default.removeItem(at: root) }
    for round in 0..<50 {
      let folder = root.appending(path: "\(round)/x/y")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { try FileManager.default.makeFolder(folder) } }
        try await group.waitForAll()
      }
    }
  }

  @Test func `a file in the way is named`() throws {
    try FileManager.default.makeFolder(root)
    defer { try? FileManager.default.removeItem(at: root) }
    let file = root.appending(path: "file")
    try Data().write(to: file)
    #expect(throws: FormatError.writeFailed(path: file.path, reason: "File exists")) {
      try FileManager.default.makeFolder(file)
    }
    #expect(throws: FormatError.writeFailed(path: file.path + "/below", reason: "Not a directory")) {
      try FileManager.default.makeFolder(file.appending(path: "below"))
    }
  }
}
