import Foundation

/// What this process holds of the machine's memory, as the system counts it: code and mapped files included.
public enum ProcessMemory {
  /// The most so far, in bytes.
  public static var peak: Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  /// Now, in bytes; the most so far where the system does not tell.
  public static var current: Int {
    // Pages: the whole program's, those in memory, and others.
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return peak }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * Int(getpagesize()) } ?? peak
  }
}
