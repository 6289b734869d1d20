import Foundation

/// Memory straight from the system, zeros at first: one piece for all that a program computes on its way, or for something
/// large that lives as long.
final class Arena {
  let bytes: UnsafeMutableRawBufferPointer

  /// - Throws: `EngineError.outOfMemory`.
  init(byteCount: Int) throws(EngineError) {
    let size = max(byteCount, 64)
    // What the system promises beyond its memory ends the program as soon as it is written to.
    guard size <= ProcessInfo.processInfo.physicalMemory else { throw .outOfMemory(bytes: byteCount) }
    let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { throw .outOfMemory(bytes: byteCount) }
    bytes = UnsafeMutableRawBufferPointer(start: address, count: size)
    #if os(Linux)
      // Fewer, larger pages: all of it is read from end to end.
      madvise(address, size, MADV_HUGEPAGE)
    #endif
  }

  deinit {
    munmap(bytes.baseAddress, bytes.count)
  }
}
