import Foundation
import GraftFormats
import GraftImport
import GraftTensors
import Testing

/// HDF5 files read by the built program, as every command does it.
@Suite struct HDF5ReadingTests {
  private let place: Workplace
  private let reading = HDF5Reading.inProcess(of: GraftProgram.program, arguments: ["read-hdf5"])

  init() throws { place = try Workplace(count: 2) }

  /// Of the unit tests of the formats.
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "GraftFormatsTests/Fixtures")

  @Test(arguments: [
    "keras1.h5", "element-types.h5", "full-model.h5", "split-attributes.h5", "superblock3.h5", "tree.h5", "links.h5",
    "named.weights.h5", "unwritten.h5", "bomb.h5", "external-storage.h5",
  ])
  func `yields what the own process would read`(name: String) throws {
    let url = Self.fixtures.appending(path: name)
    let trees = try [HDF5Reading.inThisProcess, reading].map { try HDF5Tree(contentsOf: url, reading: $0) }
    let dataSets = trees.map(\.dataSets)
    #expect(dataSets[0].map(\.path) == dataSets[1].map(\.path))
    for (own, other) in zip(dataSets[0], dataSets[1]) {
      #expect(own.type == other.type && own.shape == other.shape)
      #expect(own.attributes == other.attributes)
      #expect(outcome { try own.tensor().floats } == outcome { try other.tensor().floats })
    }
  }

  /// Elements, or the error.
  private func outcome(_ body: () throws -> [Float]) -> String {
    do { return "\(try body())" } catch { return "\(error)" }
  }

  @Test func `reads archives of Keras 3`() throws {
    for name in ["stored.keras", "deflated.keras"] {
      let file = try KerasModelFile(contentsOf: Self.fixtures.appending(path: name), reading: reading)
      guard case .variables(let variables) = file.weights else { throw ExpectationFailure() }
      #expect(variables.variables(of: "layers/functional/layers/dense").map(\.floats) == [[7, 8, 9, 10, 11, 12]])
    }
  }

  @Test func `reads a file once to say what it is and what network it holds`() throws {
    let shared = [SharedFiles.squeezeNet, SharedFiles.mobileNet].compactMap { $0 }
    let fixtures = ["full-model.h5", "other.h5", "keras3.weights.h5", "stored.keras"]
    for url in fixtures.map({ Self.fixtures.appending(path: $0) }) + shared {
      let log = place.folder.appending(path: "log")
      let counting = HDF5Reading.inProcess(
        of: URL(filePath: "/bin/sh"),
        arguments: ["-c", #"echo read >> "$0"; exec "$@""#, log.path, GraftProgram.program.path, "read-hdf5"])
      let file = try HDF5Reading.$preferred.withValue(counting) { try NetworkFile(contentsOf: url) }
      #expect(!file.entries.isEmpty)
      #expect(try String(contentsOf: log, encoding: .utf8) == "read\n", "\(url.lastPathComponent)")
      try FileManager.default.removeItem(at: log)
    }
  }

  private struct ExpectationFailure: Error {}

  /// Another version of libhdf5 may find out in time what is wrong with the file.
  @Test(arguments: [
    ("crashes.h5", "crashed the HDF5 library (signal 11)"),
    ("spins.h5", "took more than 4 seconds of computing, or all memory"),
  ])
  func `tells of the end that libhdf5 comes to`(name: String, end: String) throws {
    let url = Self.fixtures.appending(path: name)
    let words = outcome { try KerasModelFile(contentsOf: url, reading: reading).kind == .model ? [] : [0] }
    let again = "Download it again, or write it again with the program that made it."
    #expect(
      words == "\(url.path) is damaged: reading it \(end). \(again)"
        || words.hasPrefix("\(url.path) is not a valid HDF5 file: "), "\(words)")
    let inspection = try GraftProgram.run(["inspect", url.path], in: place.folder)
    #expect(inspection.status == 65)
    #expect(inspection.messages == "error: \(words)\n")
  }

  @Test func `survives damaged files, which libhdf5 does not`() throws {
    let whole = try [UInt8](Data(contentsOf: Self.fixtures.appending(path: "full-model.h5")))
    var generator = SeededGenerator(seed: 5)
    var outcomes: [String: Int] = [:]
    for index in 0..<60 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        bytes[Int.random(in: 100..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      let url = place.folder.appending(path: "\(index).h5")
      try Data(bytes).write(to: url)
      do {
        _ = try KerasModelFile(contentsOf: url, reading: reading)
        outcomes["read", default: 0] += 1
      } catch let error as FormatError {
        outcomes["refused", default: 0] += 1
        #expect(error.description.hasPrefix(url.path), "\(error)")
      }
    }
    #expect(outcomes["read", default: 0] > 5 && outcomes["refused", default: 0] > 5, "\(outcomes)")
  }

  @Test(.enabled(if: SharedFiles.squeezeNet != nil, "there is no folder `shared` beside the package"))
  func `reads or refuses HDF5's own test files`() throws {
    let weights = try #require(SharedFiles.squeezeNet).deletingLastPathComponent()
    let folder = weights.deletingLastPathComponent().appending(path: "material/hdf5")
    var read = 0
    for url in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      do {
        read += try HDF5Tree(contentsOf: url, reading: reading).dataSets.isEmpty ? 0 : 1
      } catch let error as FormatError {
        #expect(error.description.hasPrefix(url.path), "\(error)")
      }
    }
    #expect(read > 10)
  }

  @Test func `is no command for people`() throws {
    let outcome = try GraftProgram.run("read-hdf5", "a.h5", in: place.folder)
    #expect(outcome.status == 64)
    #expect(outcome.messages.contains("read-hdf5 is called by graft itself. To see what a file holds: graft inspect"))
    #expect(try GraftProgram.run("--help").output.contains("read-hdf5") == false)
  }

  @Test func `says so where a mapped file is cut short while it is in use`() throws {
    // The signal that the system sends then; when it would do so depends on what is in memory.
    let outcome = try place.finetune(
      "--epochs", "1000000", "--out", "run", interruptedAfter: "epoch 1  loss", by: SIGBUS)
    #expect(outcome.status == 65)
    // Not always last: another thread may say something before the process is gone.
    #expect(
      outcome.messages.contains(
        "error: a file that was being read has been cut short by another program. Run this again when it is whole\n"),
      "\(outcome.messages)")
  }
}
