import CDNNL
import GraftGraph
import GraftTensors

/// A parameter in the engine: in the layout of the primitive that uses it forward, with its gradient beside it.
@EngineActor
final class ParameterSlot {
  nonisolated let specification: ParameterSpecification
  nonisolated let isTrainable: Bool
  /// Whether several nodes use it, perhaps in several layouts.
  nonisolated let isShared: Bool
  /// Whether the forward pass of training changes the numbers: moving statistics.
  var isUpdatedForward = false
  /// What it starts from, made when it is needed and given up once the engine has its own copy: of numbers that are folded,
  /// never all are there at once.
  private var source: (() throws -> Tensor)?
  private(set) var memory: Memory?
  private(set) var gradient: Memory?
  /// The same numbers in layouts that other primitives of a frozen parameter want.
  private var copies: [Memory] = []
  /// The shape that the primitive sees: a grouped kernel has a leading dimension for the groups.
  private var engineShape: Shape?

  /// - Parameter source: gives a tensor of the specification's shape, with any strides.
  init(
    _ specification: ParameterSpecification, isTrainable: Bool, isShared: Bool, source: @escaping () throws -> Tensor
  ) {
    self.specification = specification
    self.isTrainable = isTrainable
    self.isShared = isShared
    self.source = source
  }

  /// Says that the primitives split the outermost dimension: `[O, …]` is `[groups, O / groups, …]` to them.
  func splitOutermost(into groups: Int) {
    guard groups > 1 else { return }
    let shape = specification.shape
    engineShape = Shape([groups, shape[0] / groups] + shape.dimensions.dropFirst())
  }

  /// Says that the primitives see one dimension more outside: `[…]` is `[1, …]` to them.
  func addOutermost() {
    engineShape = specification.shape.batched(1)
  }

  var shape: Shape { engineShape ?? specification.shape }

  /// The numbers in the given layout. The first layout asked for is the one they are kept in; another one costs a step
  /// in each run where the parameter trains, and is made once where it is frozen.
  ///
  /// - Parameter master: how to keep numbers that training moves, float32; where nil, or frozen, as asked for first.
  func memory(
    as descriptor: MemoryDescriptor, master: MemoryDescriptor? = nil, in lowering: Lowering
  ) throws -> Memory {
    guard let memory else {
      let memory = try Memory(isTrainable ? master ?? descriptor : descriptor)
      if let tensor = try source?() { try memory.load(tensor, strides: engineStrides(of: tensor)) }
      source = nil
      self.memory = memory
      return try self.memory(as: descriptor, in: lowering)
    }
    if memory.descriptor.equals(descriptor) { return memory }
    if isTrainable { return try lowering.reorder(memory, to: descriptor, layer: specification.layer) }
    if let copy = copies.first(where: { $0.descriptor.equals(descriptor) }) { return copy }
    let copy = try Memory(descriptor)
    try Primitive.reorder(memory.handle, memory.descriptor, copy.handle, copy.descriptor)
    copies.append(copy)
    return copy
  }

  /// Lends memory of the given layout to `emit`, whose step is to leave the gradient there. Where several nodes share the
  /// layer, each after the first adds its own to what the others have left.
  func receiveGradient(
    as descriptor: MemoryDescriptor, in lowering: Lowering, _ emit: (Memory) throws -> Void
  ) throws {
    guard let memory else { return }
    if let gradient {
      let received = try lowering.allocate(descriptor)
      try emit(received)
      try lowering.add(received, to: gradient, layer: specification.layer)
      return
    }
    let gradient = try Memory(memory.descriptor)
    self.gradient = gradient
    if gradient.descriptor.equals(descriptor) {
      try emit(gradient)
    } else {
      let received = try lowering.allocate(descriptor)
      try emit(received)
      try lowering.copy(received, to: gradient, layer: specification.layer)
    }
  }

  /// Replaces the numbers.
  func load(_ tensor: Tensor) throws {
    let tensor = try specification.validated(tensor)
    guard let memory else {
      source = { tensor }
      return
    }
    try memory.load(tensor, strides: engineStrides(of: tensor))
    for copy in copies {
      try Primitive.reorder(memory.handle, memory.descriptor, copy.handle, copy.descriptor)
    }
  }

  /// The numbers now, row-major.
  func tensor() throws -> Tensor {
    guard let memory else { return try source?() ?? Tensor(zeros: specification.shape) }
    return try memory.tensor(shape: specification.shape)
  }

  /// Numbers that lie as the parameter does, in its own shape.
  func tensor(lying elements: [Float]) throws -> Tensor? {
    guard let memory else { return nil }
    let other = try Memory(memory.descriptor)
    precondition(other.floats.count == elements.count)
    _ = other.floats.update(fromContentsOf: elements)
    return try other.tensor(shape: specification.shape)
  }

  /// A tensor of the parameter's shape as the parameter lies.
  func elements(of tensor: Tensor) throws -> [Float]? {
    guard let memory else { return nil }
    let tensor = try specification.validated(tensor)
    let other = try Memory(memory.descriptor)
    try other.load(tensor, strides: engineStrides(of: tensor))
    return Array(other.floats)
  }

  /// The tensor's strides as the primitives see its shape.
  private func engineStrides(of tensor: Tensor) -> [Int] {
    guard let engineShape else { return tensor.strides }
    return [engineShape[1] * tensor.strides[0]] + tensor.strides
  }

  /// What the numbers lie in, copies included.
  var buffers: [Buffer] { ([memory].compactMap { $0 } + copies).map(\.buffer) }

  func gradientTensor() throws -> Tensor? {
    try gradient?.tensor(shape: specification.shape)
  }
}

extension ParameterSpecification {
  /// The tensor, where there is one of this shape.
  func validated(_ tensor: Tensor?) throws(EngineError) -> Tensor {
    guard let tensor else { throw .missingParameter(name: name, shape: shape) }
    guard tensor.shape == shape else {
      throw .parameterShape(name: name, expected: shape, found: tensor.shape)
    }
    return tensor
  }
}
