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
  public static var current: Int { field(1) ?? peak }

  /// Of that what mapped files are, libraries above all; 0 where the system does not tell.
  public static var mapped: Int { field(2) ?? 0 }

  /// One of the numbers of pages that Linux tells: the whole program's, those in memory, those of mapped files, and others.
  private static func field(_ index: Int) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let fields = text.split(separator: " ")
    return fields.indices.contains(index) ? Int(fields[index]).map { $0 * Int(getpagesize()) } : nil
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
