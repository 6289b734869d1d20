/// Buffers that no later step reads, ready to serve again: the steps of a program run in the order in which they were
/// lowered, so that a buffer given back here is free for every step that comes after.
struct BufferPool {
  private var free: [Buffer] = []

  /// The smallest free buffer that suffices, unless it is more than twice as large as needed; a fresh one otherwise.
  mutating func take(_ byteCount: Int) throws(EngineError) -> Buffer {
    let fitting = free.indices.filter {
      free[$0].bytes.count >= byteCount && free[$0].bytes.count <= 2 * max(byteCount, 4096)
    }
    guard let best = fitting.min(by: { free[$0].bytes.count < free[$1].bytes.count }) else {
      return try Buffer(byteCount: byteCount, isReusable: true)
    }
    return free.remove(at: best)
  }

  /// Takes back what it gave; other buffers stay their owners'.
  mutating func give(_ buffer: Buffer) {
    guard buffer.isReusable, !free.contains(where: { $0 === buffer }) else { return }
    free.append(buffer)
  }
}
