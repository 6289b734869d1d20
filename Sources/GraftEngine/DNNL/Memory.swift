import CDNNL
import GraftTensors

/// A tensor in the engine: a layout and the bytes it describes.
@EngineActor
final class Memory {
  let descriptor: MemoryDescriptor
  let buffer: Buffer
  nonisolated(unsafe) let handle: dnnl_memory_t

  var shape: Shape { descriptor.shape }

  /// - Parameter buffer: what to look at; nil for bytes of its own.
  init(_ descriptor: MemoryDescriptor, buffer: Buffer? = nil) throws {
    let buffer = try buffer ?? Buffer(byteCount: descriptor.byteCount)
    precondition(buffer.byteCount >= descriptor.byteCount)
    var handle: dnnl_memory_t?
    try check(
      graft_memory_create(
        &handle, descriptor.handle, DNNLContext.shared.get().engine, buffer.bytes.baseAddress), "memory")
    guard let handle else { throw EngineError.outOfMemory(bytes: descriptor.byteCount) }
    self.handle = handle
    self.descriptor = descriptor
    self.buffer = buffer
    buffer.register(self)
  }

  deinit {
    dnnl_memory_destroy(handle)
  }

  /// Called by the buffer, once it is known where its bytes are.
  func attach(_ bytes: UnsafeMutableRawBufferPointer) throws {
    try check(dnnl_memory_set_data_handle(handle, bytes.baseAddress), "memory")
  }

  /// The same bytes under another layout.
  func viewed(as descriptor: MemoryDescriptor) throws -> Memory {
    try Memory(descriptor, buffer: buffer)
  }

  /// The elements as they lie, padding included; float32 only.
  var floats: UnsafeMutableBufferPointer<Float> {
    precondition(descriptor.type == .float32)
    return UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<descriptor.byteCount]).bindMemory(to: Float.self)
  }
}

extension Memory {
  /// Copies a tensor's elements in, whatever its strides; rows beyond the tensor's become zero.
  ///
  /// - Parameter source: float32, `shape` but for a smaller outermost dimension.
  func load(_ source: Tensor, strides: [Int]? = nil) throws {
    let source = source.converted(to: .float32)
    if source.shape.count < shape.count {
      buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }
    guard source.shape.count > 0 else { return }
    var part = shape
    part[0] = source.shape.rank > 0 && strides == nil ? source.shape[0] : shape[0]
    let target = part == shape ? descriptor : descriptor.region(part, at: [Int](repeating: 0, count: part.rank))
    guard let target else { throw EngineError.primitive(what: "a partial batch", layer: "", status: -1) }
    try source.withUnsafeStorage { bytes in
      // Lent to one reorder that only reads it.
      let lent = try LentMemory(
        MemoryDescriptor.strided(part, strides: strides ?? source.strides),
        bytes: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
      let target = try LentMemory(target, bytes: buffer.bytes.baseAddress)
      try Primitive.reorder(lent.handle, lent.descriptor, target.handle, target.descriptor)
    }
  }

  /// The first `rows` rows as a row-major float32 tensor, under `shape` where it is given.
  func tensor(rows: Int? = nil, shape newShape: Shape? = nil) throws -> Tensor {
    let whole = try Tensor(uninitialized: newShape ?? shape) { bytes in
      let target = try LentMemory(MemoryDescriptor.rowMajor(shape), bytes: bytes.baseAddress)
      try Primitive.reorder(handle, descriptor, target.handle, target.descriptor)
    }
    return rows.map { $0 == whole.shape[0] ? whole : whole[rows: 0..<$0] } ?? whole
  }
}

/// oneDNN's handle on bytes that somebody else owns for the length of a call.
@EngineActor
private struct LentMemory: ~Copyable {
  let descriptor: MemoryDescriptor
  nonisolated(unsafe) let handle: dnnl_memory_t

  init(_ descriptor: MemoryDescriptor, bytes: UnsafeMutableRawPointer?) throws {
    var handle: dnnl_memory_t?
    try check(
      graft_memory_create(&handle, descriptor.handle, DNNLContext.shared.get().engine, bytes), "memory")
    guard let handle else { throw EngineError.outOfMemory(bytes: 0) }
    self.descriptor = descriptor
    self.handle = handle
  }

  deinit {
    dnnl_memory_destroy(handle)
  }
}
