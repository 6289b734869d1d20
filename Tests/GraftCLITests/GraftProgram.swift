import Foundation

/// The built `graft` program, run as a user runs it.
struct GraftProgram {
  struct Outcome {
    let status: Int32
    let output: String
    let messages: String

    /// stdout as one JSON object.
    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }

    /// stdout as one JSON object whose keys are in snake case.
    func decoded<Report: Decodable>(_ type: Report.Type = Report.self) throws -> Report {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(type, from: Data(output.utf8))
    }

    /// The last line on stderr.
    var lastMessage: String { messages.split(separator: "\n").last.map(String.init) ?? "" }
  }

  /// Beside the test bundle, where SwiftPM puts every product.
  static var program: URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let folder = bundle?.bundleURL.deletingLastPathComponent() ?? Bundle.main.bundleURL
    return folder.appending(path: "graft")
  }

  static func run(_ arguments: String..., in folder: URL? = nil, environment: [String: String] = [:]) throws -> Outcome
  {
    try run(arguments, in: folder, environment: environment)
  }

  /// - Parameters:
  ///   - interruption: a text on stderr after which the program gets a signal.
  ///   - signal: that of Ctrl-C as a rule.
  ///   - environment: what is added to the tests' own.
  static func run(
    _ arguments: [String], in folder: URL? = nil, interruptedAfter interruption: String? = nil,
    by signal: Int32 = SIGINT, environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // Idle threads of OpenMP burn the time that other tests could use, and what this user has fetched is no test's matter.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["OMP_WAIT_POLICY": "passive", "GRAFT_CACHE": "/dev/null/no-cache"]) { $1 }.merging(environment) { $1 }
    let messages = Pipe()
    // A pipe would fill up while nobody reads it.
    let printed = FileManager.default.temporaryDirectory.appending(path: "graft-stdout-\(UUID().uuidString)")
    try Data().write(to: printed)
    defer { try? FileManager.default.removeItem(at: printed) }
    process.standardOutput = try FileHandle(forWritingTo: printed)
    process.standardError = messages
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var said = Data()
    if let interruption {
      while !String(decoding: said, as: UTF8.self).contains(interruption) {
        let part = messages.fileHandleForReading.availableData
        if part.isEmpty { break }
        said += part
      }
      kill(process.processIdentifier, signal)
    }
    said += messages.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: try Data(contentsOf: printed), as: UTF8.self),
      messages: String(decoding: said, as: UTF8.self))
  }
}
