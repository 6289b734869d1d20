import CDNNL
import GraftGraph
import GraftPlanning
import GraftTensors

/// A layer kind that the engine can run.
protocol Lowerable: Layer {
  /// Appends what the layer computes to the program.
  ///
  /// - Parameter inputs: one `[N, …]` for each of the node's inputs, in whatever layout their producer chose.
  @EngineActor
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode
}

/// What lowering a node gives.
@EngineActor
struct LoweredNode {
  /// From the gradient of the output to the gradients of the inputs; also leaves the parameters' gradients behind.
  typealias Backward = @EngineActor (_ outputGradient: Memory) throws -> [Memory?]

  let output: Memory
  /// Appends the backward pass; nil where the program is for inference.
  let backward: Backward?
}

extension LoweredNode {
  /// The same, with a backward pass only where the node's first input needs a gradient.
  func ifNeeded(by node: LoweringNode) -> LoweredNode {
    LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      return try backward?(gradient) ?? [nil]
    }
  }

  /// This one's function and then another's, which reads its output.
  func followed(by next: LoweredNode) -> LoweredNode {
    LoweredNode(output: next.output) { gradient in
      guard let middle = try next.backward?(gradient).first ?? nil else { return [nil] }
      return try backward?(middle) ?? [nil]
    }
  }
}

/// A node of the graph with all that its lowering needs to know.
struct LoweringNode {
  let name: String
  /// The output for the whole batch: `[N, …]`.
  let shape: Shape
  let parameters: [ParameterSpecification.Role: ParameterSlot]
  /// Whether anything before each input trains.
  let inputsNeedGradient: [Bool]
  /// Whether random numbers are drawn.
  let isActiveStochastic: Bool
  let batchNormMode: BatchNormMode
  /// Whether nothing later reads each input, so that its bytes may become the output's.
  let mayOverwrite: [Bool]
  /// Whether the layer's sums are kept as they are: what makes scores, and nothing with weights follows.
  let keepsFloat32: Bool
  /// Whether only convolutions that Winograd's algorithm could compute read the output.
  let precedesWindowsOf3: Bool
  /// Whether the layer has run before in the same step: what it does once has been done.
  let isRepeated: Bool

  var kernel: ParameterSlot? { parameters[.kernel] }
  var bias: ParameterSlot? { parameters[.bias] }
  var trains: Bool { parameters.values.contains(where: \.isTrainable) }
  var inputNeedsGradient: Bool { inputsNeedGradient[0] }
}

/// A program under construction: the steps so far. What they compute on their way lies in memory that is placed when all
/// steps are known (`[Step].placeBuffers`); nothing is given back by hand.
@EngineActor
final class Lowering {
  enum Mode {
    case inference, training
  }

  let mode: Mode
  let seed: UInt64
  /// Which batch random numbers are drawn for.
  let position = RandomPosition()
  /// What convolutions and dense layers multiply; sums are float32 always.
  let precision: Precision
  /// Whether convolutions run by Winograd's algorithm where that is faster.
  let allowsWinograd: Bool
  private(set) var steps: [Step] = []
  /// The layer that is being lowered, whose steps all are that are emitted now.
  var layer = ""
  /// How many steps only change a layout.
  private(set) var reorderCount = 0

  init(mode: Mode, seed: UInt64 = 0, precision: Precision = .float32, allowsWinograd: Bool = true) {
    self.mode = mode
    self.seed = seed
    self.precision = precision
    self.allowsWinograd = allowsWinograd
  }

  var propagation: dnnl_prop_kind_t { mode == .training ? dnnl_forward_training : dnnl_forward_inference }

  /// Memory from the first step that touches it to the last.
  func allocate(_ descriptor: MemoryDescriptor) throws -> Memory {
    try Memory(descriptor, buffer: Buffer(plannedByteCount: descriptor.byteCount))
  }

  func emit(_ descriptor: PrimitiveDescriptor, _ arguments: [(argument: Int32, memory: Memory)]) throws {
    let scratchpad = try descriptor.scratchpad.map { [(DNNL_ARG_SCRATCHPAD, try allocate($0))] } ?? []
    let primitive = try Primitive(descriptor, arguments + scratchpad)
    steps.append(Step(work: .primitive(primitive), buffers: primitive.buffers, layer: layer))
  }

  /// - Parameter memories: all that `body` reads or writes.
  func emit(touching memories: [Memory], _ body: @escaping @EngineActor () -> Void) {
    steps.append(Step(work: .host(body), buffers: memories.map(\.buffer), layer: layer))
  }

  /// The same elements in the given layout: `memory` itself where it has it, otherwise the result of a new step.
  func reorder(_ memory: Memory, to descriptor: MemoryDescriptor, layer: String) throws -> Memory {
    if memory.descriptor.equals(descriptor) { return memory }
    let target = try allocate(descriptor)
    try copy(memory, to: target, layer: layer)
    return target
  }

  /// The same elements as float32, for what would lose too much in fewer digits or has no other form.
  func inFloat32(_ memory: Memory, layer: String) throws -> Memory {
    memory.descriptor.type == .float32
      ? memory : try reorder(memory, to: .channelsLast(memory.shape), layer: layer)
  }

  func copy(_ source: Memory, to target: Memory, layer: String) throws {
    reorderCount += 1
    let reorder = try PrimitiveDescriptor("a reorder", layer: layer) {
      graft_reorder(&$0, $1, source.descriptor.handle, target.descriptor.handle)
    }
    try emit(reorder, [(DNNL_ARG_FROM, source), (DNNL_ARG_TO, target)])
  }

  /// Row-major bytes of `memory` under another shape.
  func reshape(_ memory: Memory, to shape: Shape, layer: String) throws -> Memory {
    let dense = try reorder(memory, to: .rowMajor(memory.shape), layer: layer)
    return try dense.viewed(as: .rowMajor(shape))
  }

  /// The elements of `memory` from `offsets` on, as memory of their own.
  func region(
    of memory: Memory, at offsets: [Int], like descriptor: MemoryDescriptor, layer: String
  ) throws -> Memory {
    var source = memory
    var part = memory.descriptor.region(descriptor.shape, at: offsets)
    if part == nil {
      // Blocked layouts can only be cut between blocks.
      source = try reorder(memory, to: .channelsLast(memory.shape, memory.descriptor.type), layer: layer)
      part = source.descriptor.region(descriptor.shape, at: offsets)
    }
    guard let part else { throw EngineError.primitive(what: "a slice", layer: layer, status: -1) }
    return try reorder(source.viewed(as: part), to: descriptor, layer: layer)
  }

  /// The sum of several gradients of one tensor. By pairs: oneDNN's own sum is slow where channels do not fill their
  /// blocks (Xception's 728) or layouts differ.
  func sum(_ terms: [Memory], layer: String) throws -> Memory {
    var total = terms[0]
    for term in terms.dropFirst() { total = try binary(dnnl_binary_add, total, term, layer: layer) }
    return total
  }
}

/// The number of the batch that a program is at: with the seed and a layer's name, all that random numbers depend on.
@EngineActor
final class RandomPosition {
  var drawn: UInt64 = 0
}
