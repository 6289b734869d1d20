import CDNNL
import GraftTensors

/// How the engine stores one number.
enum ElementType {
  case float32, bfloat16

  fileprivate var onDNNL: dnnl_data_type_t { self == .float32 ? dnnl_f32 : dnnl_bf16 }
}

/// A shape together with how its elements lie in memory; owns oneDNN's descriptor.
final class MemoryDescriptor {
  let handle: OpaquePointer
  let shape: Shape

  fileprivate init(handle: OpaquePointer?, shape: Shape) throws(EngineError) {
    guard let handle else {
      throw .primitive(what: "a layout of \(shape)", layer: "", status: Int(dnnl_invalid_arguments.rawValue))
    }
    self.handle = handle
    self.shape = shape
  }

  deinit {
    graft_memory_descriptor_destroy(handle)
  }

  /// The layout is the primitive's to choose.
  static func any(_ shape: Shape, _ type: ElementType = .float32) throws(EngineError) -> MemoryDescriptor {
    try MemoryDescriptor(
      handle: graft_memory_descriptor_create(Int32(shape.rank), shape.asDNNL, type.onDNNL, nil), shape: shape)
  }

  static func strided(
    _ shape: Shape, strides: [Int], _ type: ElementType = .float32
  ) throws(EngineError) -> MemoryDescriptor {
    try MemoryDescriptor(
      handle: graft_memory_descriptor_create(
        Int32(shape.rank), shape.asDNNL, type.onDNNL, strides.map(dnnl_dim_t.init)), shape: shape)
  }

  static func rowMajor(_ shape: Shape, _ type: ElementType = .float32) throws(EngineError) -> MemoryDescriptor {
    try strided(shape, strides: shape.rowMajorStrides, type)
  }

  /// The channels of each pixel side by side, as photographs come: axis 1 is the densest, the others follow in order.
  static func channelsLast(_ shape: Shape, _ type: ElementType = .float32) throws(EngineError) -> MemoryDescriptor {
    guard shape.rank > 2 else { return try rowMajor(shape, type) }
    let stored = Shape([shape[0]] + shape.dimensions.dropFirst(2) + [shape[1]]).rowMajorStrides
    return try strided(shape, strides: [stored[0], 1] + stored[1..<shape.rank - 1], type)
  }

  /// A part of this layout, or nil where it does not start and end on the layout's blocks.
  func region(_ shape: Shape, at offsets: [Int]) -> MemoryDescriptor? {
    try? MemoryDescriptor(
      handle: graft_memory_descriptor_of_region(handle, shape.asDNNL, offsets.map(dnnl_dim_t.init)), shape: shape)
  }

  var byteCount: Int { graft_memory_descriptor_byte_count(handle) }

  var type: ElementType { graft_memory_descriptor_data_type(handle) == dnnl_bf16 ? .bfloat16 : .float32 }

  func equals(_ other: MemoryDescriptor) -> Bool {
    graft_memory_descriptor_equal(handle, other.handle)
  }
}

extension PrimitiveDescriptor {
  /// What the primitive has chosen for one of its arguments of the given shape.
  func chosen(_ query: dnnl_query_t, shape: Shape) throws(EngineError) -> MemoryDescriptor {
    try MemoryDescriptor(handle: graft_memory_descriptor_query(handle, query, 0), shape: shape)
  }

  /// What the forward pass has to keep for the backward pass in a form of the library's own, if anything.
  var workspace: MemoryDescriptor? { opaque(dnnl_query_workspace_md) }

  /// What it needs while it runs, if anything.
  var scratchpad: MemoryDescriptor? { opaque(dnnl_query_scratchpad_md) }

  /// An argument's layout, whatever its shape; nil where there is no such argument.
  func opaque(_ query: dnnl_query_t, index: Int32 = 0) -> MemoryDescriptor? {
    let descriptor = try? MemoryDescriptor(handle: graft_memory_descriptor_query(handle, query, index), shape: [])
    return descriptor.flatMap { $0.byteCount > 0 ? $0 : nil }
  }
}

extension Shape {
  var asDNNL: [dnnl_dim_t] { dimensions.map(dnnl_dim_t.init) }
}
