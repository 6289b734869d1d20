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

  /// The most that it could hold, in bytes: what it holds now, and what the system can give beside, with what it would take back from
  /// its caches; everything where the system does not tell.
  public static var available: Int {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return .max }
    return current + kilobytes << 10
  }
}
