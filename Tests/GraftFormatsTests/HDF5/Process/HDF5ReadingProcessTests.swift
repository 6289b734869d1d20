import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

private let again = "Download it again, or write it again with the program that made it."

/// Programs that are none of Graft's stand for a reading process in which everything goes wrong.
@Suite struct `A process that reads HDF5` {
  private let folder: TemporaryFolder
  private let url: URL

  init() throws {
    folder = try TemporaryFolder()
    url = try fixture("keras1.h5")
  }

  /// What reading says where a shell runs these commands in place of the reader.
  private func words(_ commands: String) -> String {
    let reading = HDF5Reading.inProcess(of: URL(filePath: "/bin/sh"), arguments: ["-c", commands])
    return message { _ = try HDF5Tree(contentsOf: url, reading: reading) }.replacing("\(url.path) ", with: "")
  }

  @Test func `that crashes is told of by its signal`() {
    #expect(words("kill -SEGV $$") == "is damaged: reading it crashed the HDF5 library (signal 11). \(again)")
    #expect(words("kill -ABRT $$") == "is damaged: reading it crashed the HDF5 library (signal 6). \(again)")
  }

  @Test func `that reaches its limits is told of by them`() {
    #expect(
      words("kill -XCPU $$")
        == "is damaged: reading it took more than 4 seconds of computing, or all memory. \(again)")
    #expect(words("kill -XFSZ $$").hasPrefix("is damaged: reading it yielded more than 268,"))
    #expect(words("exit 74") == "cannot be read: what it holds does not fit into the folder for temporary files.")
  }

  @Test func `that says nothing, or something else, is not believed`() throws {
    let unanswered = "is damaged: reading it ended without an answer. \(again)"
    #expect(words("exit 0") == unanswered)
    #expect(words("echo hello") == unanswered)
    #expect(words("echo hello >&2; exit 3") == "cannot be read: the process that reads HDF5 ended with the code 3.")
    // A header that points beyond the answer, one that points at no JSON, and one that is cut off.
    let header = HDF5Answer.mark
    for (index, bytes) in [
      header + [64, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0],
      header + [UInt8](repeating: 0xff, count: 16),
      header + [0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0], Array(header.prefix(5)),
    ].enumerated() {
      let answer = try folder.file("\(index)", bytes)
      #expect(words("cat '\(answer.path)'") == unanswered)
    }
  }

  @Test func `that is not there is named`() {
    let reading = HDF5Reading.inProcess(of: URL(filePath: "/nowhere/graft"), arguments: [])
    #expect(
      message { _ = try HDF5Tree(contentsOf: url, reading: reading) }
        == "\(url.path) cannot be read: the process that reads HDF5 cannot be started: No such file or directory.")
  }

  @Test func `hands over what the task has chosen`() {
    let reading = HDF5Reading.inProcess(of: URL(filePath: "/bin/false"), arguments: [])
    HDF5Reading.$preferred.withValue(reading) {
      #expect(message { _ = try KerasWeights(contentsOf: url) }.contains("ended with the code 1"))
    }
    #expect(message { _ = try KerasWeights(contentsOf: url) } == "nothing")
  }

  @Test func `hands over elements and errors in a file`() throws {
    let answer = try TemporaryFile()
    let writer = HDF5AnswerWriter(answer.descriptor)
    let places = try [writer.keep(Tensor([1, 2, 3], shape: [3])), writer.keep(Tensor([4], shape: []))]
    #expect(places == [64, 128])
    try writer.finish(.failure(.missingLayer(path: "a.h5", layer: "größe")))
    let file = try answer.mapped(path: "a.h5")
    #expect(file.tensor(at: 64, shape: [3], dataType: .float32).floats == [1, 2, 3])
    guard case .failure(let error) = HDF5Answer.content(of: file.bytes) else {
      throw FormatError.fileNotFound(path: "answer")
    }
    #expect(error == .missingLayer(path: "a.h5", layer: "größe"))
  }

  @Test func `is not started for files that are cut off or something else`() throws {
    let reading = HDF5Reading.inProcess(of: URL(filePath: "/bin/false"), arguments: [])
    let short = try folder.file("a.h5", Data(contentsOf: url).prefix(3000))
    #expect(message { _ = try HDF5Tree(contentsOf: short, reading: reading) }.contains("is cut off"))
    let text = try folder.file("b.h5", "no".utf8)
    #expect(message { _ = try HDF5Tree(contentsOf: text, reading: reading) }.contains("is plain text"))
  }
}

@Suite struct `Limits of a reading process` {
  @Test func `grow with the file`() {
    let small = ProcessLimits(reading: 10_000)
    #expect(small.seconds == 4 && small.secondsByClock == 30 && small.memory == 20_000 + 256 << 20)
    let large = ProcessLimits(reading: 500_000_000)
    #expect(large.seconds == 24 && large.secondsByClock == 190 && large.memory == 1_000_000_000 + 256 << 20)
    #expect(large.fileSize > 2 * 500_000_000)
  }
}

@Suite struct `Child processes` {
  private func end(_ commands: String, seconds: Int = 20) throws -> ChildProcess.End {
    let output = try TemporaryFile()
    return try ChildProcess(
      URL(filePath: "/bin/sh"), arguments: ["-c", commands], output: output.descriptor,
      environment: ["GRAFT_TEST": "set"]
    ).wait(seconds: seconds)
  }

  @Test func `tell how they end`() throws {
    #expect(try end("exit 7") == .exited(7))
    #expect(try end("kill -TERM $$") == .killed(SIGTERM))
    #expect(try end("test $GRAFT_TEST = set") == .exited(0))
    #expect(try end("read line") == .exited(1))
  }

  @Test func `are ended when their time is up, whatever they say meanwhile`() throws {
    let start = ContinuousClock.now
    #expect(try end("exec sleep 60", seconds: 1) == .timedOut)
    #expect(try end("while true; do echo word >&2; done", seconds: 1) == .timedOut)
    #expect(ContinuousClock.now - start < .seconds(30))
  }
}
