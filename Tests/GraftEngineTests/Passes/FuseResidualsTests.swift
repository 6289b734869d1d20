import GraftEngine
import GraftGraph
import GraftTensors
import Testing

@Suite struct FuseResidualsTests {
  private static func numbers(_ shape: Shape) -> Tensor {
    var generator = SeededGenerator(seed: 3)
    return Tensor((0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: shape)
  }

  private enum Block: CaseIterable {
    /// The sum's other term is the block's input, which the convolution reads too.
    case identity
    /// Both terms are convolutions.
    case projection
    /// The other term is read again after the sum.
    case readAgain
    /// Both terms are one value.
    case twice
    /// The other term is the image itself.
    case image
    /// A separable convolution, and no activation.
    case separable
    /// One term for each channel, added at every place.
    case broadcast

    /// The steps that compute: where the sum is no part of a convolution there is one more.
    var computations: Int {
      switch self {
      case .image: 1
      case .identity: 2
      case .projection, .readAgain, .twice: 3
      case .separable: 4
      case .broadcast: 5
      }
    }
  }

  private static func graph(_ block: Block) throws -> LayerGraph {
    var graph = try LayerGraph(input: [16, 7, 6], name: "image")
    let stem = block == .image ? "image" : try graph.add(Conv2D("stem", filters: 16, kernel: 3, padding: .same))
    var terms = [stem, try graph.add(Conv2D("conv", filters: 16, kernel: 3, padding: .same), after: [stem])]
    switch block {
    case .projection: terms[0] = try graph.add(Conv2D("projection", filters: 16, kernel: 1), after: [stem])
    case .twice: terms[0] = terms[1]
    case .separable:
      terms[1] = try graph.add(SeparableConv2D("separable", filters: 16, kernel: 3, padding: .same), after: [stem])
    case .broadcast:
      terms[0] = try graph.add(GlobalAveragePooling2D("mean", keepsDimensions: true), after: [stem])
    case .identity, .readAgain, .image: break
    }
    try graph.add(Add("sum"), after: terms)
    if block != .separable { try graph.add(Activation("relu", .relu)) }
    if block == .readAgain { try graph.add(Multiply("again"), after: ["relu", stem]) }
    return graph
  }

  @EngineActor
  @Test(arguments: Block.allCases, Precision.allCases.filter(\.isNative))
  private func `a sum within a convolution is the sum of both`(block: Block, precision: Precision) async throws {
    let graph = try Self.graph(block)
    let parameters = Parameters.initialized(graph.parameters, seed: 1)
    let images = Self.numbers([2, 16, 7, 6])
    var apart = graph
    try apart.setOutputs(graph.nodes.filter { !($0.layer is InputLayer) }.map(\.name))
    let separate = try InferenceProgram(apart, parameters: parameters, batch: 2)
    let expected = try #require(try separate.run(["image": images])[graph.outputs[0]])
    let program = try InferenceProgram(graph, parameters: parameters, batch: 2, precision: precision)
    #expect(program.stepCount - program.reorderCount == block.computations)
    for _ in 1...2 {
      expectClose(
        try program.run(images), expected, within: precision == .float32 ? 1e-6 : 2e-2, "\(block)")
    }
  }
}
