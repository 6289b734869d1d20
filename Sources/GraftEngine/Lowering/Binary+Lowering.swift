import CDNNL
import GraftGraph
import GraftTensors

extension Lowering {
  /// A function of two tensors element by element, in the layout of the first.
  ///
  /// - Parameters:
  ///   - second: of the first's shape, or with 1 in places: the same number for all of the first's.
  ///   - activation: applied to the result in the same pass.
  func binary(
    _ algorithm: dnnl_alg_kind_t, _ first: Memory, _ second: Memory, activation: Activation.Function = .linear,
    layer: String
  ) throws -> Memory {
    let layout = first.descriptor
    var second = second
    if second.shape == first.shape {
      second = try reorder(second, to: layout, layer: layer)
    } else if second.descriptor.type != layout.type {
      second = try reorder(second, to: .channelsLast(second.shape, layout.type), layer: layer)
    }
    let descriptor = try activation.withPostOperations(in: mode) { attributes in
      try PrimitiveDescriptor("an operation on two tensors", layer: layer) {
        graft_binary(&$0, $1, algorithm, layout.handle, second.descriptor.handle, layout.handle, attributes)
      }
    }
    let output = try allocate(layout)
    try emit(descriptor, [(DNNL_ARG_SRC_0, first), (DNNL_ARG_SRC_1, second), (DNNL_ARG_DST, output)])
    return output
  }

  /// Adds to what `total` holds.
  func add(_ term: Memory, to total: Memory, layer: String) throws {
    let layout = total.descriptor
    let term = try reorder(term, to: layout, layer: layer)
    let descriptor = try PrimitiveDescriptor("a sum", layer: layer) {
      graft_binary(&$0, $1, dnnl_binary_add, layout.handle, layout.handle, layout.handle, nil)
    }
    try emit(descriptor, [(DNNL_ARG_SRC_0, total), (DNNL_ARG_SRC_1, term), (DNNL_ARG_DST, total)])
  }

  /// One number, of the given rank.
  func constant(_ number: Float, rank: Int) throws -> Memory {
    let memory = try Memory(.rowMajor(Shape([Int](repeating: 1, count: rank))))
    memory.floats[0] = number
    return memory
  }
}
