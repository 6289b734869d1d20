import Foundation
import GraftFormats
import GraftTraining
import Testing

@testable import GraftReports

@Suite struct RunEventsTests {
  private func history() throws -> RunHistory {
    let run = try MadeUpRun.whole()
    return try #require(try run.folder().history)
  }

  @Test func `each column is a tag of its part, each row a step`() throws {
    let events = try RunEvents.events(history(), part: .train, time: 100)
    #expect(events.map(\.step) == [1, 2, 3])
    #expect(events.map(\.time) == [102, 103, 104])
    #expect(events[2].scalars.map(\.tag) == ["stage", "loss", "accuracy", "learning_rate", "seconds"])
    #expect(events[2].scalars.map(\.value) == [2, 0.5, 0.75, 0.001, 1])
  }

  @Test func `validation's numbers have the same tags, and an empty cell none`() throws {
    let events = try RunEvents.events(history(), part: .validation, time: 0)
    #expect(events.map { $0.scalars.map(\.tag) } == [["loss", "accuracy"], ["accuracy"], ["loss", "accuracy"]])
  }

  @Test func `a run without a history is refused`() throws {
    let run = try MadeUpRun(record: "{}")
    #expect(
      throws: TrainingError.unreadableRun(path: run.url.path, reason: "history.csv is missing")
    ) { try RunEvents.write(run.folder(), to: run.place.appending(path: "logs")) }
  }

  @Test func `a part without numbers has no file`() throws {
    let run = try MadeUpRun(record: "{}")
    try run.write("history.csv", "epoch,loss\n1,0.5\n")
    let files = try RunEvents.write(run.folder(), to: run.place.appending(path: "logs"))
    #expect(files.map { $0.deletingLastPathComponent().lastPathComponent } == ["train"])
    #expect(files[0].lastPathComponent == "events.out.tfevents.0000000000.graft")
  }
}
