import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors

/// Finds out whether a network's features survive bfloat16, on some of the photographs that they are wanted of.
///
/// Which networks do, their names do not tell: SqueezeNet's features keep a cosine of 0.9998 to those in float32,
/// MobileNet 0.25's only 0.991 (docs/BENCHMARKS.md).
public struct PrecisionTrial: Sendable {
  /// Below this cosine of a photograph's features in both precisions, float32 is taken.
  public static let leastCosine = 0.999
  /// How many photographs are looked at. More would cost more than they tell: one photograph is much like another here,
  /// and networks differ by orders of magnitude.
  public static let photographs = 8

  /// From batches of images to the cosine of each image.
  typealias Comparison = @Sendable @EngineActor (_ batches: [Tensor]) throws -> [Double]

  private let graph: LayerGraph
  private let parameters: Parameters
  private let view: EvaluationView
  private let preprocessing: Preprocessing
  private let hasBFloat16: Bool
  private let compare: Comparison

  /// - Parameter graph: of one input and one output, the features.
  public init(graph: LayerGraph, parameters: Parameters, view: EvaluationView, preprocessing: Preprocessing) {
    self.init(
      graph: graph, parameters: parameters, view: view, preprocessing: preprocessing,
      hasBFloat16: Precision.bfloat16.isNative
    ) { try PrecisionComparison.cosines(of: $0, graph: graph, parameters: parameters) }
  }

  /// A trial of what a model's head reads.
  public init(_ model: TrainedModel) throws {
    // Adapters have learnt nothing yet.
    let model = try model.merged()
    self.init(
      graph: try model.features, parameters: model.parameters, view: model.view, preprocessing: model.preprocessing)
  }

  /// - Parameters:
  ///   - hasBFloat16: whether the processor multiplies bfloat16 of itself.
  ///   - compare: what computes.
  init(
    graph: LayerGraph, parameters: Parameters, view: EvaluationView, preprocessing: Preprocessing, hasBFloat16: Bool,
    compare: @escaping Comparison
  ) {
    self.graph = graph
    self.parameters = parameters
    self.view = view
    self.preprocessing = preprocessing
    self.hasBFloat16 = hasBFloat16
    self.compare = compare
  }

  /// Chooses bfloat16 where the processor has it and the features of no photograph in the sample turn by more than
  /// `leastCosine` allows; otherwise float32.
  ///
  /// The sample is the same for the same photographs: spread evenly over them, those that cannot be read passed over.
  ///
  /// - Parameter cache: where cosines are remembered, photograph by photograph, for the next trial of the same features;
  ///   nil remembers nothing.
  /// - Throws: `EngineError`; `CancellationError`.
  public func choose(on samples: [Sample], cache: FrontierCache? = nil) async throws -> PrecisionChoice {
    guard hasBFloat16 else { return PrecisionChoice(.float32, .processor) }
    return PrecisionChoice(cosines: try await cosines(of: samples, cache))
  }

  private func cosines(of samples: [Sample], _ cache: FrontierCache?) async throws -> [Double] {
    let store = await cache?.cosines(in: view) {
      try await FrontierContext(
        prefix: graph, parameters: parameters, frontier: graph.outputs.map { try graph.node($0) }, view: view,
        preprocessing: preprocessing, batch: InferenceProgram.preferredBatch,
        compute: "fp32 beside bf16 " + (ConvolutionAlgorithms.record?.identity ?? "direct"))
    }
    var known: [Double] = []
    var images: [Tensor] = []
    var contents: [[UInt8]] = []
    var order = samples.spreadEvenly[...]
    while case let missing = Self.photographs - known.count - contents.count, missing > 0, !order.isEmpty {
      try Task.checkCancellation()
      let part = order.prefix(missing).map { samples[$0] }
      order = order.dropFirst(missing)
      let remembered = await store?.cosines(of: part) ?? part.map { _ in nil }
      known += remembered.compactMap(\.self)
      for try await batch in loader(of: zip(part, remembered).filter { $1 == nil }.map(\.0))
      where !batch.samples.isEmpty {
        images.append(batch.images)
        contents += batch.fingerprints
      }
    }
    guard !images.isEmpty else { return known }
    let computed = try await compare(images)
    store?.append(computed, contents: contents)
    return known + computed
  }

  private func loader(of samples: [Sample]) -> ImageLoader {
    ImageLoader(
      samples: samples, view: view, preprocessing: preprocessing, batch: InferenceProgram.preferredBatch,
      allowsNone: true, fingerprint: FrontierStore.fingerprint)
  }
}
