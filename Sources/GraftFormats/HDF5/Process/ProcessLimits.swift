import Foundation

/// What the reading process may take. libhdf5 needs a fraction of it for sound files, and has no bounds of its own for
/// others.
struct ProcessLimits: Equatable {
  /// Of the processor.
  let seconds: Int
  /// By the clock, which the calling process watches: a last resort, for on a busy machine a process gets far less than
  /// one second a second.
  let secondsByClock: Int
  /// More than what the program has to begin with.
  let memory: Int
  /// Of the answer.
  let fileSize: Int

  init(reading byteCount: Int) {
    seconds = 4 + byteCount / 25_000_000
    secondsByClock = 30 + 8 * (byteCount / 25_000_000)
    memory = 2 * byteCount + 256 << 20
    fileSize = HDF5Outline.copiesByteCount(ofFile: byteCount) + 16 * byteCount + 64 << 20
  }

  /// Binds this process, for good.
  func apply() {
    set(.cpu, soft: seconds, hard: seconds + 1)
    set(.fileSize, soft: fileSize, hard: fileSize)
    set(.core, soft: 0, hard: 0)
    #if os(Linux)
      // Heap and private mappings; the mapped file is none. macOS has no limit that works.
      set(.data, soft: dataInUse + memory, hard: dataInUse + memory)
    #endif
  }

  private enum Resource {
    case cpu, fileSize, core, data
  }

  private func set(_ resource: Resource, soft: Int, hard: Int) {
    let name =
      switch resource {
      case .cpu: RLIMIT_CPU
      case .fileSize: RLIMIT_FSIZE
      case .core: RLIMIT_CORE
      case .data: RLIMIT_DATA
      }
    #if canImport(Glibc)
      let number = __rlimit_resource_t(name.rawValue)
    #else
      let number = name
    #endif
    var limits = rlimit()
    getrlimit(number, &limits)
    // Never above what there was before.
    limits.rlim_cur = min(rlim_t(soft), limits.rlim_max)
    limits.rlim_max = min(rlim_t(hard), limits.rlim_max)
    setrlimit(number, &limits)
  }

  #if os(Linux)
    /// What counts against the limit already, in bytes: /proc/self/statm's sixth number, in pages.
    private var dataInUse: Int {
      let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
      let pages = text.split(separator: " ").dropFirst(5).first.flatMap { Int($0) } ?? 0
      return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
  #endif
}
