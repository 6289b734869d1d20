import Foundation

/// Has another process read an HDF5 file. The calling side: nothing that comes back is believed.
struct HDF5ReadingProcess {
  let program: URL
  let arguments: [String]

  /// - Parameters:
  ///   - file: known to be HDF5, and whole.
  ///   - path: where the other process finds it.
  /// - Returns: the file's outline, and the file with the elements that were copied.
  /// - Throws: `FormatError`: what the other process has found wrong; or that it crashed, was stopped, or could not run.
  func read(_ file: MappedFile, at path: String, elements: HDF5Tree.Selection) throws -> (HDF5Outline, MappedFile) {
    let answer: TemporaryFile
    do {
      answer = try TemporaryFile()
    } catch {
      throw FormatError.unreadable(path: file.path, reason: "no temporary file can be made for it: \(systemReason())")
    }
    let limits = ProcessLimits(reading: file.bytes.count)
    let child: ChildProcess
    do {
      child = try ChildProcess(
        program, arguments: arguments + [elements.argument, path, file.path], output: answer.descriptor,
        environment: [
          // Plug-ins could be anything; a crash is reported by the calling process, in its own words.
          "HDF5_PLUGIN_PATH": "/dev/null", "SWIFT_BACKTRACE": "enable=no", "OMP_NUM_THREADS": "1",
        ])
    } catch {
      throw FormatError.unreadable(
        path: file.path, reason: "the process that reads HDF5 cannot be started: \(error.reason)")
    }
    let end = child.wait(seconds: limits.secondsByClock)
    guard end == .exited(0) else { throw Self.failure(end, limits, file) }
    let unanswered = FormatError.damaged(path: file.path, happening: "ended without an answer")
    guard let mapped = try? answer.mapped(path: file.path) else { throw unanswered }
    switch HDF5Answer.content(of: mapped.bytes) {
    case .outline(let outline): return (outline, mapped)
    case .failure(let error): throw error
    case nil: throw unanswered
    }
  }

  private static func failure(_ end: ChildProcess.End, _ limits: ProcessLimits, _ file: MappedFile) -> FormatError {
    switch end {
    case .timedOut:
      .unreadable(path: file.path, reason: "the HDF5 library was not done after \(limits.secondsByClock) seconds")
    case .killed(SIGXCPU), .killed(SIGKILL):
      .damaged(path: file.path, happening: "took more than \(limits.seconds) seconds of computing, or all memory")
    case .killed(SIGXFSZ):
      .damaged(path: file.path, happening: "yielded more than \(limits.fileSize.grouped) bytes")
    case .killed(let signal):
      .damaged(path: file.path, happening: "crashed the HDF5 library (signal \(signal))")
    case .exited(74):
      .unreadable(path: file.path, reason: "what it holds does not fit into the folder for temporary files")
    case .exited(let code):
      .unreadable(path: file.path, reason: "the process that reads HDF5 ended with the code \(code)")
    }
  }
}
