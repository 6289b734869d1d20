import Foundation
import GraftEngine
import GraftTraining
import Testing

@Suite struct AlgorithmFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "algorithms-\(UUID().uuidString)")
  private let times = AlgorithmTimes(direct: 0.25, winograd: 0.125, inputConversion: 1e-6, outputConversion: 3e-6)

  @Test func `what one process has measured another goes by`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try AlgorithmFile(in: folder)
    #expect(first.times(of: "a convolution") == nil)
    #expect(first.remember(times, of: "a convolution") == times)
    let second = try AlgorithmFile(in: folder)
    #expect(second.times(of: "a convolution") == times)
    #expect(second.times(of: "another") == nil)
    #expect(second.identity == first.identity)
  }

  @Test func `the first of two measurements counts, for both`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try AlgorithmFile(in: folder)
    let second = try AlgorithmFile(in: folder)
    _ = first.remember(times, of: "a convolution")
    var later = times
    later.direct = 0.5
    #expect(second.remember(later, of: "a convolution") == times)
    #expect(second.times(of: "a convolution") == times)
  }

  @Test func `measurements that are gone give another identity`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let before = try AlgorithmFile(in: folder).identity
    try FileManager.default.removeItem(at: folder)
    #expect(try AlgorithmFile(in: folder).identity != before)
  }

  @Test func `a copy has the measurements and the identity, and goes its own way from there`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try AlgorithmFile(in: folder.appending(path: "first"))
    _ = first.remember(times, of: "a convolution")
    let copy = try AlgorithmFile(in: folder.appending(path: "copy"), copying: first)
    #expect(copy.identity == first.identity && copy.times(of: "a convolution") == times)
    _ = first.remember(times, of: "another")
    // What is there is not copied again.
    let again = try AlgorithmFile(in: folder.appending(path: "copy"), copying: first)
    #expect(again.times(of: "another") == nil && again.identity == first.identity)
  }

  @Test func `a damaged measurement is none`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try AlgorithmFile(in: folder).remember(times, of: "a convolution")
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    let url = folder.appending(path: name)
    var bytes = try Data(contentsOf: url)
    bytes[bytes.count - 50] ^= 1
    try bytes.write(to: url)
    #expect(try AlgorithmFile(in: folder).times(of: "a convolution") == nil)
  }

  @Test func `a folder that cannot be made is an error with its name`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "file-\(UUID().uuidString)")
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect { try AlgorithmFile(in: file.appending(path: "below")) } throws: { "\($0)".contains(file.path) }
  }
}
