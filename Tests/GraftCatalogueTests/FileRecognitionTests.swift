import Foundation
import Testing

@testable import GraftCatalogue

@Suite struct FileRecognitionTests {
  @Test func `a file is hashed only where a published one has its size`() throws {
    let unsized = try #require(KnownWeights.all.first { $0.byteCount == nil })
    #expect(unsized.mayHave(4 * unsized.parameterCount + 40_000))
    #expect(!unsized.mayHave(4 * unsized.parameterCount - 1))
    #expect(!unsized.mayHave(5 * unsized.parameterCount))
    let sized = try #require(KnownWeights.all.first { $0.byteCount != nil })
    #expect(sized.byteCount.map(sized.mayHave) == true)
    #expect(sized.byteCount.map { sized.mayHave($0 + 1) } == false)
  }

  @Test func `a file of no published size is known at once to be none`() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).h5")
    try Data("nothing".utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(FileRecognition(of: url).known == nil)
    #expect(FileRecognition(of: url.appendingPathExtension("missing")).known == nil)
  }

  @Test func `everyone who asks gets the answer`() async throws {
    // Of a published file's size, but not its content.
    let published = try #require(
      KnownWeights.all.filter { $0.md5 != nil }.min { $0.parameterCount < $1.parameterCount })
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).h5")
    try Data().write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let handle = try FileHandle(forWritingTo: url)
    try handle.truncate(atOffset: UInt64(published.byteCount ?? 4 * published.parameterCount))
    try handle.close()
    let recognition = FileRecognition(of: url)
    let answers = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<3 { group.addTask { recognition.known == nil } }
      return await group.reduce(true) { $0 && $1 }
    }
    #expect(answers)
  }
}
