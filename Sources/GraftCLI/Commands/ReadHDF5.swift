import ArgumentParser
import Foundation
import Graft

/// Not for people: the process in which the other commands have HDF5 files read.
struct ReadHDF5: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read-hdf5", abstract: "Read an HDF5 file for another process of graft.", shouldDisplay: false)

  @Argument(parsing: .captureForPassthrough)
  var request: [String] = []

  func run() throws {
    // Whatever goes wrong here, the calling process has the words for it.
    signal(SIGBUS, SIG_DFL)
    let code = HDF5ReadingService.run(request)
    guard code != Failure.Code.usage.rawValue else {
      throw ValidationError("read-hdf5 is called by graft itself. To see what a file holds: graft inspect FILE")
    }
    throw ExitCode(code)
  }
}

extension HDF5Reading {
  /// In a process of this same program, under limits.
  static let apart = HDF5Reading.inProcess(of: thisProgram, arguments: ["read-hdf5"])
}
