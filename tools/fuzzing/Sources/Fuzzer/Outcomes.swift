import Foundation
import GraftFormats
import Synchronization

/// How often inputs were read or refused, told when the program ends. A target that refuses everything tests nothing.
enum Outcomes {
  private static let counts = Mutex<[String: Int]>([:])

  static func note(_ outcome: String) {
    counts.withLock { counts in
      // libFuzzer ends by `exit`; the first note asks to be told.
      if counts.isEmpty { atexit { Outcomes.print() } }
      counts[outcome, default: 0] += 1
    }
  }

  static func note(_ error: any Error) {
    switch error {
    case FormatError.damaged(_, let happening): note("reader: \(happening)")
    case let error as FormatError: note("refused as a file: \(error.kind)")
    default: note("refused as a network")
    }
  }

  private static func print() {
    let lines = counts.withLock { $0 }.sorted { $0.value > $1.value }.map { "outcome: \($0.value) \($0.key)\n" }
    FileHandle.standardError.write(Data(lines.joined().utf8))
  }
}

extension FormatError {
  /// The name of the case.
  fileprivate var kind: String {
    Mirror(reflecting: self).children.first?.label ?? "\(self)"
  }
}
