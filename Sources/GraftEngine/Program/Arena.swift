import Foundation

/// Memory straight from the system, zeros at first: one piece for all that a program computes on its way, or for something
/// large that lives as long.
final class Arena {
  enum Pages {
    case small
    /// Fewer of them, for what is written and read from end to end again and again. The first write to each can take
    /// milliseconds on a virtual machine, too long for what should only start quickly.
    case large
  }

  let bytes: UnsafeMutableRawBufferPointer

  /// - Throws: `EngineError.outOfMemory`, where Swift's own allocation would end the program.
  init(byteCount: Int, pages: Pages) throws(EngineError) {
    let size = max(byteCount, 64)
    // What the system promises beyond its memory ends the program as soon as it is written to.
    guard size <= ProcessInfo.processInfo.physicalMemory else { throw .outOfMemory(bytes: byteCount) }
    let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { throw .outOfMemory(bytes: byteCount) }
    bytes = UnsafeMutableRawBufferPointer(start: address, count: size)
    #if os(Linux)
      if pages == .large { madvise(address, size, MADV_HUGEPAGE) }
    #endif
  }

  deinit {
    munmap(bytes.baseAddress, bytes.count)
  }
}
