import Foundation
import GraftEngine
import Testing

@testable import GraftTraining

/// What is known of a run's precision afterwards.
@Suite final class RunPrecisionTests {
  private let run = FileManager.default.temporaryDirectory.appending(path: "graft-run-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: run) }

  private func write(_ record: String) throws {
    try Data(record.utf8).write(to: run.appending(path: "run.json"))
  }

  @Test(arguments: Precision.allCases)
  func `a run's record tells its precision`(precision: Precision) throws {
    try write(#"{"configuration": {"precision": "\#(precision.rawValue)", "epochs": 3}, "version": "1"}"#)
    let choice = try PrecisionChoice.ofRun(run, hasBFloat16: true)
    #expect(choice.precision == precision && choice.reason == .run)
  }

  @Test func `a processor without bfloat16 takes float32, and the choice says why`() throws {
    try write(#"{"configuration": {"precision": "bf16"}}"#)
    let choice = try PrecisionChoice.ofRun(run, hasBFloat16: false)
    #expect(choice.precision == .float32 && choice.reason == .processor)
    try write(#"{"configuration": {"precision": "fp32"}}"#)
    #expect(try PrecisionChoice.ofRun(run, hasBFloat16: false).reason == .run)
  }

  @Test func `runs from before precisions were recorded, and models without a record, are float32`() throws {
    #expect(try PrecisionChoice.ofRun(run, hasBFloat16: true) == PrecisionChoice(.float32, .run))
    try write(#"{"configuration": {"epochs": 3}}"#)
    #expect(try PrecisionChoice.ofRun(run, hasBFloat16: true) == PrecisionChoice(.float32, .run))
  }

  @Test(arguments: [
    ("{", "its precision cannot be told. Name one with --precision"),
    ("[]", "its precision cannot be told. Name one with --precision"),
    (#"{"configuration": {"precision": 16}}"#, "its precision cannot be told. Name one with --precision"),
    (
      #"{"configuration": {"precision": "int8"}}"#,
      "its precision is “int8”, and this Graft knows fp32 and bf16. Name one of these with --precision"
    ),
  ])
  func `a record that makes no sense is refused`(record: String, reason: String) throws {
    try write(record)
    #expect(throws: TrainingError.unreadableRun(path: run.appending(path: "run.json").relativePath, reason: reason)) {
      try PrecisionChoice.ofRun(self.run, hasBFloat16: true)
    }
  }
}
