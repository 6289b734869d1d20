import Foundation
import Testing

@testable import GraftFormats

@Suite struct RecordFileTests {
  private let folder: TemporaryFolder
  private var url: URL { folder.url.appending(path: "rows") }

  init() throws { folder = try TemporaryFolder() }

  /// Records of four bytes under keys of two.
  private func open(identity: UInt8 = 1, patience: Duration = .seconds(5)) throws -> RecordFile {
    try RecordFile(
      url, layout: RecordLayout(identity: Array(repeating: identity, count: 32), keyBytes: 2, payloadBytes: 4),
      patience: patience)
  }

  private func rewrite(_ change: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: url)
    change(&data)
    // In place, as a disk or another process would: not by another file of the same name.
    let handle = try FileHandle(forWritingTo: url)
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: data)
    try handle.close()
  }

  @Test func `what was appended is found again, also by who opens the file later`() throws {
    let file = try open()
    #expect(file.payload(7) == nil && !file.contains([7, 0]))
    try file.add([7: 70, 8: 80])
    for file in [file, try open()] {
      #expect(file.payload(7) == [70, 70, 70, 70])
      #expect(file.payload(8) == [80, 80, 80, 80])
      #expect(file.payload(9) == nil)
    }
    #expect(file.byteCount == RecordFile.byteCount(of: 2, keyBytes: 2, payloadBytes: 4))
    #expect(file.byteCount == 64 + 2 * file.recordBytes)
  }

  @Test func `records of another identity are none, and their file is begun anew`() throws {
    try open().add([7: 70])
    let other = try open(identity: 2)
    #expect(other.payload(7) == nil)
    #expect(other.byteCount == 64)
  }

  @Test(arguments: [1, 2, 5, 37])
  func `a record that was written in part is none, and gives way to the next`(missing: Int) throws {
    try open().add([7: 70, 8: 80])
    try rewrite { $0.removeLast(missing) }
    let file = try open()
    #expect(file.payload(7) == [70, 70, 70, 70])
    #expect(file.payload(8) == nil)
    try file.add([8: 81, 9: 90])
    let again = try open()
    #expect([7, 8, 9].map { again.payload($0)?.first } == [70, 81, 90])
    #expect(again.byteCount == 64 + 3 * again.recordBytes)
  }

  @Test func `every byte of a record is watched`() throws {
    try open().add([7: 70, 8: 80])
    let size = try open().recordBytes
    for position in 64..<64 + size {
      try rewrite { $0[position] ^= 4 }
      let file = try open()
      #expect(file.payload(7) == nil, "byte \(position)")
      #expect(file.payload(8) == [80, 80, 80, 80])
      try rewrite { $0[position] ^= 4 }
    }
    #expect(try open().payload(7) == [70, 70, 70, 70])
  }

  @Test func `a damaged record is replaced by a later one`() throws {
    try open().add([7: 70, 8: 80])
    try rewrite { $0[66] ^= 1 }
    let file = try open()
    #expect(file.contains([7, 0]))
    #expect(file.payload(7) == nil)
    #expect(!file.contains([7, 0]))
    try file.add([7: 71])
    for file in [file, try open()] { #expect([7, 8].map { file.payload($0)?.first } == [71, 80]) }
  }

  @Test func `a file that is cut short while it is open has lost its records, and no more`() throws {
    let file = try open()
    try file.add([7: 70, 8: 80, 9: 90])
    try rewrite { $0.removeLast(2 * file.recordBytes) }
    #expect([7, 8, 9].map { file.payload($0)?.first } == [70, nil, nil])
    try file.add([6: 60])
    #expect([6, 7, 8].map { file.payload($0)?.first } == [60, 70, nil])
    try rewrite { $0.removeAll() }
    #expect([6, 7].map { file.payload($0)?.first } == [nil, nil])
    try file.add([5: 50])
    #expect(file.payload(5)?.first == 50)
    // Without its header the file is none, and is begun anew.
    let again = try open()
    #expect(again.payload(5) == nil && again.byteCount == 64)
  }

  @Test func `two that write at once lose nothing, and write nothing twice`() async throws {
    let files = try (0..<4).map { _ in try open() }
    await withTaskGroup(of: Void.self) { group in
      for (number, file) in files.enumerated() {
        group.addTask {
          for key in UInt8(0)..<50 { try? file.add([key: key, 100 + UInt8(number): 1]) }
        }
      }
    }
    let file = try open()
    for key in UInt8(0)..<50 { #expect(file.payload(key) == Array(repeating: key, count: 4)) }
    #expect((100..<104).allSatisfy { file.payload($0) != nil })
    #expect(file.byteCount == 64 + 54 * file.recordBytes)
  }

  @Test func `whoever waits too long for another's lock is told so, and nothing is written`() throws {
    let (file, other) = (try open(patience: .milliseconds(20)), try open())
    #expect(flock(other.descriptor, LOCK_EX) == 0)
    #expect(
      #expect(throws: FormatError.self) { try file.add([7: 70]) }.map { "\($0)" }?
        .contains("another process keeps it locked") == true)
    flock(other.descriptor, LOCK_UN)
    try file.add([7: 70])
    #expect(file.payload(7)?.first == 70)
  }

  @Test func `a folder in its place, or no folder to lie in, is an error in words`() throws {
    #expect(throws: FormatError.self) {
      try RecordFile(
        folder.url, identity: Array(repeating: 0, count: 32), keyBytes: 2, payloadBytes: 4)
    }
    #expect(throws: FormatError.self) {
      try RecordFile(
        url.appending(path: "none"), identity: Array(repeating: 0, count: 32), keyBytes: 2, payloadBytes: 4)
    }
  }
}

extension RecordFile {
  /// Adds records, each of one byte four times over.
  fileprivate func add(_ records: KeyValuePairs<UInt8, UInt8>) throws {
    try append(records.map { [$0.key, 0] }) { position, payload in
      payload.copyBytes(from: [UInt8](repeating: records[position].value, count: 4))
    }
  }

  /// The payload under a key; nil where the file says that there is none.
  fileprivate func payload(_ key: UInt8) -> [UInt8]? {
    var payload = [UInt8](repeating: 0, count: 4)
    let isThere = payload.withUnsafeMutableBytes { read([key, 0], into: $0) }
    return isThere ? payload : nil
  }
}
