import Foundation

/// Who calls the HDF5 library, libhdf5.
///
/// That library is old, large and written in C, and made for files that nobody has tampered with: of randomly damaged
/// weight files it crashes on up to one in twenty, and spins for seconds on a few of a thousand.
///
/// - In this process, which is the default of a program that uses Graft as a library, such a file can end the program,
///   use up its memory, or keep it busy. Right for files of one's own.
/// - In a process of its own, with limits of time and memory, such a file is a `FormatError`. Right for everything
///   else, and what the `graft` program does. It costs the start of that process.
///
/// A program that wants the second gives itself a way to be called as that process, and says so once:
///
/// ```swift
/// if CommandLine.arguments.dropFirst().first == "read-hdf5" {
///   exit(HDF5ReadingService.run(Array(CommandLine.arguments.dropFirst(2))))
/// }
/// let reading = HDF5Reading.inProcess(of: HDF5Reading.thisProgram, arguments: ["read-hdf5"])
/// try await HDF5Reading.$preferred.withValue(reading) { try await work() }
/// ```
public enum HDF5Reading: Hashable, Sendable {
  case inThisProcess
  /// A program that calls `HDF5ReadingService.run` with what it is given after these arguments.
  case inProcess(of: URL, arguments: [String])

  /// What is done where nothing else is asked for: reading in this process, unless the task says otherwise.
  @TaskLocal public static var preferred: HDF5Reading = .inThisProcess

  /// The executable that is running.
  public static var thisProgram: URL {
    #if os(Linux)
      // Finds the very program that runs, even where it was moved or replaced meanwhile.
      URL(filePath: "/proc/self/exe")
    #else
      Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    #endif
  }
}
