import Foundation
import GraftFormats
import GraftImages
import Testing

@testable import GraftTraining

@Suite struct PhotographHashesTests {
  @Test func `each file is read once, and what cannot be read has no hash`() async throws {
    let task = try ToyTask(training: 3, validation: 2)
    let trainer = try task.trainer(adding: [task.unreadable()])
    let hashes = await PhotographHashes(trainer)
    let first = try await hashes.all()
    #expect(first.training.map { $0 == nil } == [true, false, false, false])
    #expect(
      try first.validation.map { $0?.hexadecimal }
        == task.validation.map { try ContentHash.sha256(contentsOf: $0.url) })
    let identity = try await hashes.identity()
    try Data("gone".utf8).write(to: task.training[1].url)
    #expect(try await hashes.all() == first)
    #expect(try await hashes.identity() == identity)
    #expect(try await PhotographHashes(trainer).identity() != identity)
  }
}
