import Foundation

/// The other side of `HDF5Reading.inProcess`: what the process does that reads a file for another.
public enum HDF5ReadingService {
  /// Reads a file under limits of time and memory, and writes what it holds to stdout, which must be an empty file.
  ///
  /// - Parameter arguments: as `HDF5Reading` gives them, after those that it was made with.
  /// - Returns: the code for the process to exit with: 0 where the answer is written, even if that is an error; 64 where
  ///   this was not called by Graft; 74 where the answer cannot be written.
  public static func run(_ arguments: [String]) -> Int32 {
    var status = stat()
    guard arguments.count == 3, let selection = HDF5Tree.Selection(argument: arguments[0]),
      fstat(STDOUT_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0
    else { return 64 }
    let writer = HDF5AnswerWriter(STDOUT_FILENO)
    do {
      do {
        let (path, name) = (arguments[1], arguments[2])
        let file = try ReadableFile(URL(filePath: path)).mapped(path: name)
        ProcessLimits(reading: file.bytes.count).apply()
        let outline = try HDF5Outline(reading: file, at: path, elements: selection, keep: writer.keep)
        try writer.finish(.outline(outline))
      } catch let error as FormatError {
        if case .writeFailed = error { throw error }
        try writer.finish(.failure(error))
      }
      return 0
    } catch {
      return 74
    }
  }
}

extension HDF5Tree.Selection {
  /// As one argument of a command line.
  var argument: String {
    String(decoding: (try? JSONEncoder().encode(self)) ?? Data(), as: UTF8.self)
  }

  init?(argument: String) {
    guard let selection = try? JSONDecoder().decode(Self.self, from: Data(argument.utf8)) else { return nil }
    self = selection
  }
}
