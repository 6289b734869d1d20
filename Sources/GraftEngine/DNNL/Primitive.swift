import CDNNL
import GraftTensors

/// What a primitive computes, on which layouts, by which algorithm.
@EngineActor
final class PrimitiveDescriptor {
  nonisolated(unsafe) let handle: dnnl_primitive_desc_t

  /// - Parameter create: one of the shim's constructors.
  init(
    _ what: @autoclosure () -> String, layer: String,
    _ create: (inout dnnl_primitive_desc_t?, dnnl_engine_t) -> dnnl_status_t
  ) throws {
    var handle: dnnl_primitive_desc_t?
    try check(create(&handle, DNNLContext.shared.get().engine), what(), layer: layer)
    guard let handle else { throw EngineError.primitive(what: what(), layer: layer, status: -1) }
    self.handle = handle
  }

  deinit {
    dnnl_primitive_desc_destroy(handle)
  }

  /// Whether there is only the plain implementation, which is slow.
  var isReference: Bool { PrimitiveDescription(handle).implementation.hasPrefix("ref") }
}

/// A primitive with its arguments bound: one step of a program.
@EngineActor
final class Primitive {
  private nonisolated(unsafe) let handle: dnnl_primitive_t
  private let arguments: [dnnl_exec_arg_t]
  /// Keeps the arguments' memory alive.
  private let bound: [Memory]

  init(_ descriptor: PrimitiveDescriptor, _ arguments: [(argument: Int32, memory: Memory)]) throws {
    handle = try Self.create(descriptor)
    self.arguments = arguments.map { dnnl_exec_arg_t(arg: $0.argument, memory: $0.memory.handle) }
    bound = arguments.map(\.memory)
  }

  deinit {
    dnnl_primitive_destroy(handle)
  }

  func execute() throws {
    let stream = try DNNLContext.shared.get().stream
    try check(dnnl_primitive_execute(handle, stream, Int32(arguments.count), arguments), "to run a primitive")
  }

  /// Waits for all primitives executed so far.
  static func wait() throws {
    try check(dnnl_stream_wait(DNNLContext.shared.get().stream), "to finish")
  }

  var buffers: [Buffer] { bound.map(\.buffer) }

  /// What oneDNN says of it; nil where it says nothing.
  var description: PrimitiveDescription? {
    var descriptor: const_dnnl_primitive_desc_t?
    guard dnnl_primitive_get_primitive_desc(handle, &descriptor) == dnnl_success else { return nil }
    return descriptor.map(PrimitiveDescription.init)
  }

  /// Copies from one layout to another at once, outside any program.
  static func reorder(
    _ source: dnnl_memory_t, _ sourceDescriptor: MemoryDescriptor,
    _ target: dnnl_memory_t, _ targetDescriptor: MemoryDescriptor
  ) throws {
    let descriptor = try PrimitiveDescriptor("a reorder", layer: "") {
      graft_reorder(&$0, $1, sourceDescriptor.handle, targetDescriptor.handle)
    }
    let primitive = try create(descriptor)
    defer { dnnl_primitive_destroy(primitive) }
    var arguments = [
      dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: source), dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: target),
    ]
    let scratchpad = try descriptor.scratchpad.map { try Memory($0) }
    if let scratchpad { arguments.append(dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: scratchpad.handle)) }
    defer { withExtendedLifetime(scratchpad) {} }
    let stream = try DNNLContext.shared.get().stream
    try check(dnnl_primitive_execute(primitive, stream, Int32(arguments.count), arguments), "to run a reorder")
    try wait()
  }

  private static func create(_ descriptor: PrimitiveDescriptor) throws -> dnnl_primitive_t {
    var handle: dnnl_primitive_t?
    try check(dnnl_primitive_create(&handle, descriptor.handle), "a primitive")
    guard let handle else { throw EngineError.primitive(what: "a primitive", layer: "", status: -1) }
    return handle
  }
}
