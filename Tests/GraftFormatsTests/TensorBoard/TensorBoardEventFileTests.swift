import Foundation
import Testing

@testable import GraftFormats

@Suite struct TensorBoardEventFileTests {
  private let started = 1_700_000_000.0

  /// What `tools/reference/tensorboard_conformance.py --fixture` writes too.
  private var events: [TensorBoardEvent] {
    [
      TensorBoardEvent(time: started, step: 0, scalars: [.init(tag: "loss", value: 1.5)]),
      TensorBoardEvent(
        time: started + 12.25, step: 1,
        scalars: [.init(tag: "loss", value: 0.75), .init(tag: "rates/learning_rate", value: 1e-3)]),
      TensorBoardEvent(
        time: started + 24.5, step: 300,
        scalars: [.init(tag: "größe <&>", value: .infinity), .init(tag: "loss", value: .nan)]),
    ]
  }

  private func expected() throws -> Data { try Data(contentsOf: fixture("tensorboard/scalars.tfevents")) }

  @Test func `a file is byte for byte what TensorBoard's own writer makes`() throws {
    let folder = try TemporaryFolder()
    let file = try TensorBoardEventFile.write(events, time: started, to: folder.url.appending(path: "a/b"))
    #expect(file.lastPathComponent == "events.out.tfevents.1700000000.graft")
    #expect(try Data(contentsOf: file) == expected())
  }

  @Test func `a file that grows ends with the same bytes, also where it is gone on with`() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try TensorBoardEventFile(growingIn: folder.url, time: started)
      try file.append(events[0])
      #expect(folder.names == ["events.out.tfevents.1700000000.graft"])
    }
    let file = try TensorBoardEventFile(growingIn: folder.url, time: started)
    for event in events.dropFirst() { try file.append(event) }
    #expect(try Data(contentsOf: folder.url.appending(path: folder.names[0])) == expected())
  }

  @Test func `a folder that cannot be made is named`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file", [1])
    let said = message { try TensorBoardEventFile.write(events, time: started, to: file.appending(path: "logs")) }
    #expect(said == "\(file.path)/logs cannot be written: Not a directory.")
    #expect(folder.names == ["file"])
  }
}
