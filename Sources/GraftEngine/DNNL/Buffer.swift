import Foundation

/// Bytes that one or more `Memory` values look at: their own from the start, or a place in a program's arena, which is
/// known once the whole program is.
@EngineActor
final class Buffer {
  let byteCount: Int
  /// Whether an arena holds the bytes, which other buffers have before and after.
  let isPlanned: Bool
  private(set) var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private nonisolated(unsafe) var owned: UnsafeMutableRawPointer?
  /// What holds the bytes where `owned` does not: the program's arena, or one for this buffer alone.
  private var arena: Arena?
  /// From how many bytes on a buffer has an arena for itself, which goes back to the system as soon as nobody needs it; what
  /// `malloc` gets back it may keep. It is zeros without being filled with them first, which took long at the start
  /// (docs/BENCHMARKS.md, cold start).
  private static let arenaByteCount = 1 << 16
  private var views: [Weak] = []

  private struct Weak {
    weak var memory: Memory?
  }

  /// A buffer of its own, zeros at first: oneDNN's blocked layouts pad channels; the padding must be zero, and stays so.
  ///
  /// - Throws: `EngineError.outOfMemory`, where Swift's own allocation would end the program.
  init(byteCount: Int) throws(EngineError) {
    self.byteCount = byteCount
    isPlanned = false
    guard byteCount < Self.arenaByteCount else {
      let arena = try Arena(byteCount: byteCount, pages: .small)
      self.arena = arena
      bytes = arena.bytes
      return
    }
    let size = max(byteCount, 64)
    guard posix_memalign(&owned, 64, size) == 0, let owned else {
      throw .outOfMemory(bytes: byteCount)
    }
    bytes = UnsafeMutableRawBufferPointer(start: owned, count: size)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// A buffer that is to be placed.
  init(plannedByteCount byteCount: Int) {
    self.byteCount = byteCount
    isPlanned = true
  }

  deinit {
    free(owned)
  }

  /// Says whom to tell where the bytes are.
  func register(_ memory: Memory) {
    guard isPlanned else { return }
    views.append(Weak(memory: memory))
  }

  func place(in arena: Arena, at offset: Int) throws {
    self.arena = arena
    bytes = UnsafeMutableRawBufferPointer(rebasing: arena.bytes[offset..<offset + byteCount])
    for view in views { try view.memory?.attach(bytes) }
    views.removeAll()
  }
}
