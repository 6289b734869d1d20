import GraftGraph
import GraftTensors

/// A network compiled to run forward only, always on the same number of images.
///
/// The batch is fixed and padded, so that an image's result does not depend on how images were grouped. Memory is
/// reused as soon as nothing needs what it holds.
@EngineActor
public final class InferenceProgram {
  public nonisolated let graph: LayerGraph
  public nonisolated let batch: Int
  /// How many images a network is best compiled for: few, so that what one layer writes is still in the processor's caches
  /// when the next reads it. More are slower (docs/BENCHMARKS.md).
  public nonisolated static let preferredBatch = 4

  /// The batch for so many images and no more, whose results are looked at and not kept: one photograph costs one.
  ///
  /// What is kept and compared with what comes later (features, activations at the frontier) is computed in batches of
  /// `preferredBatch`, whatever their number: an algorithm may round differently in batches of another size.
  public nonisolated static func batch(forOnly count: Int) -> Int { min(max(count, 1), preferredBatch) }

  /// Up to how many images a quick start is worth more than quick runs. For Winograd's algorithm kernels grow to four times
  /// their size: ResNet-50 starts 0.12 s later, and each image takes 5 ms less.
  public nonisolated static let quickStartLimit = 32

  private let compiled: CompiledGraph
  private let steps: [Step]
  /// What normalisations were folded from, for folding anew; they share the caller's bytes.
  private var unfolded: Parameters
  private let isReloadable: Bool
  /// What the program holds.
  public nonisolated let footprint: ProgramMemory

  /// - Parameters:
  ///   - graph: its outputs are what `run` returns.
  ///   - parameters: a tensor for each of the graph's parameters, float32 or convertible to it.
  ///   - batch: the greatest number of images in one run.
  ///   - precision: what convolutions and dense layers multiply.
  ///   - isReloadable: whether `load` will be called. Then the numbers that normalisations were folded from are kept.
  ///   - startsQuickly: whether it is for a few images (`quickStartLimit`). All convolutions run directly then.
  public init(
    _ graph: LayerGraph, parameters: consuming Parameters, batch: Int, precision: Precision = .float32,
    isReloadable: Bool = true, startsQuickly: Bool = false
  ) throws {
    precondition(batch > 0)
    self.graph = graph
    self.batch = batch
    let given = isReloadable ? copy parameters : Parameters()
    compiled = try CompiledGraph(
      graph, parameters: consume parameters, batch: batch, mode: .inference, precision: precision,
      allowsWinograd: !startsQuickly)
    unfolded = Parameters()
    for source in compiled.foldings.flatMap(\.sources) { unfolded[source.name] = given[source.name] }
    self.isReloadable = isReloadable
    steps = compiled.lowering.steps
    let activations = try steps.placeBuffers(
      fromStart: compiled.inputs.values.map(\.buffer), toEnd: compiled.outputs.values.map(\.buffer))
    footprint = ProgramMemory(of: steps, slots: compiled.parameters, activations: activations)
  }

  /// Runs the network.
  ///
  /// - Parameter inputs: by the name of the graph's input, `[n, C, H, W]` with n at most `batch`, any strides.
  /// - Returns: by the name of the graph's output, `[n, …]`, row-major.
  public func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    try run(inputs) { try $0.execute() }
  }

  /// - Parameter execute: runs the steps.
  func run(_ inputs: [String: Tensor], _ execute: ([Step]) throws -> Void) throws -> [String: Tensor] {
    let count = try compiled.load(inputs)
    try execute(steps)
    return try compiled.outputs.mapValues { try $0.tensor(rows: count) }
  }

  /// Runs a network of one input and one output.
  public func run(_ images: Tensor) throws -> Tensor {
    guard let input = graph.inputs.first, let output = graph.outputs.first else {
      throw EngineError.missingInput(name: "")
    }
    let results = try run([input.name: images])
    return results[output] ?? images
  }

  /// Replaces parameters of the same names; the others stay.
  ///
  /// - Precondition: the program was made reloadable.
  public func load(_ parameters: Parameters) throws {
    precondition(isReloadable)
    var parameters = parameters
    for folding in compiled.foldings where folding.sources.contains(where: { parameters[$0.name] != nil }) {
      for source in folding.sources {
        if let tensor = parameters[source.name] { unfolded[source.name] = tensor }
      }
      for name in folding.results { parameters[name] = try folding.folded(name, from: unfolded) }
    }
    for slot in compiled.parameters {
      if let tensor = parameters[slot.specification.name] { try slot.load(tensor) }
    }
  }

  public var stepCount: Int { steps.count }

  /// How many of the program's steps only change a layout.
  public var reorderCount: Int { compiled.lowering.reorderCount }
}

extension InferenceProgram {
  /// Runs the network on any number of images, as many at a time as it was compiled for.
  ///
  /// - Parameter inputs: by the name of the graph's input, `[n, …]`.
  /// - Returns: by the name of the graph's output, `[n, …]`, row-major.
  public func runAll(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    let counts = inputs.values.map { $0.shape.dimensions.first ?? 0 }
    guard let count = counts.max(), count > batch, counts.allSatisfy({ $0 == count }) else { return try run(inputs) }
    var rows: [String: TensorRows] = [:]
    for start in stride(from: 0, to: count, by: batch) {
      let part = start..<min(start + batch, count)
      for (name, tensor) in try run(inputs.mapValues { $0[rows: part] }) {
        let shape = Shape(Array(tensor.shape.dimensions.dropFirst()))
        rows[name, default: TensorRows(rowShape: shape, capacity: count)].append(tensor)
      }
    }
    return rows.mapValues { $0.gathered(0..<$0.count) }
  }
}
