import Foundation

/// One piece of memory for all that a program computes on its way.
final class Arena {
  let bytes: UnsafeMutableRawBufferPointer

  /// - Throws: `EngineError.outOfMemory`.
  init(byteCount: Int) throws(EngineError) {
    let size = max(byteCount, 64)
    guard size <= ProcessInfo.processInfo.physicalMemory else { throw .outOfMemory(bytes: byteCount) }
    let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { throw .outOfMemory(bytes: byteCount) }
    bytes = UnsafeMutableRawBufferPointer(start: address, count: size)
    #if os(Linux)
      // Fewer, larger pages: activations are read from end to end.
      madvise(address, size, MADV_HUGEPAGE)
    #endif
  }

  deinit {
    munmap(bytes.baseAddress, bytes.count)
  }
}
