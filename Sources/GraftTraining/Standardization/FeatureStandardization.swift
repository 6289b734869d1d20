import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors

/// What a head that is to tell values does to features first, so that one learning rate suits every network: mean and variance of
/// each channel among some of the photographs to learn from.
///
/// A step on the squared error overshoots where the rate times features' squared length exceeds about 2. That length is what networks
/// differ by, from 1 to 100,000; standardized features have the same of each.
public struct FeatureStandardization: Hashable, Sendable, Codable {
  /// How many photographs are looked at: a mean is then right within an eighth of the deviation, which is all that steps ask for.
  public static let photographs = 64
  /// What the squared length of standardized features comes to on average, however many there are: that of the usual 512 with a variance
  /// of 1. The default rate is stable up to three times that.
  public static let squaredLength = 512.0
  /// As if so many photographs more had been seen, in which each channel varies as much as channels do on average: one that moved in none
  /// of them may move in the next.
  private static let priorPhotographs = 8.0

  /// How many photographs it was measured on.
  public var measuredOn: Int
  /// The mean squared length of features as the network puts them out.
  public var originalSquaredLength: Double
  /// What the head's first layer subtracts, and by the square root of what it divides; one of each for each channel.
  public var mean, variance: [Float]

  /// - Parameter features: `[N, C]`, at least one row.
  init(_ features: Tensor) {
    let (rows, width) = (features.shape[0], features.shape[1])
    let numbers = features.floats
    var (sums, squares) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    for row in 0..<rows {
      for channel in 0..<width { sums[channel] += Double(numbers[row * width + channel]) }
    }
    let means = sums.map { $0 / Double(rows) }
    for row in 0..<rows {
      for channel in 0..<width {
        let difference = Double(numbers[row * width + channel]) - means[channel]
        squares[channel] += difference * difference
      }
    }
    let average = squares.reduce(0, +) / Double(rows * width)
    measuredOn = rows
    originalSquaredLength = average * Double(width) + means.reduce(0) { $0 + $1 * $1 }
    mean = means.map { Float($0) }
    let unit = Double(width) / Self.squaredLength
    variance = squares.map { square in
      let variance = (square + Self.priorPhotographs * average) / (Double(rows) + Self.priorPhotographs)
      return Float(variance > 0 ? variance * unit : 1)
    }
  }

  /// Looks at what the model's heads read, on photographs spread evenly over those given; the same for the same photographs.
  ///
  /// - Returns: nil where no head standardizes, or no photograph can be read.
  /// - Throws: `EngineError`; `CancellationError`.
  public init?(_ model: TrainedModel, on samples: [Sample], precision: Precision = .float32) async throws {
    guard !model.standardizingLayers.isEmpty else { return nil }
    let order = samples.spreadEvenly.prefix(Self.photographs).map { samples[$0] }
    let loader = ImageLoader(
      samples: order, view: model.view, preprocessing: model.preprocessing, batch: InferenceProgram.preferredBatch,
      allowsNone: true)
    var batches: [Tensor] = []
    for try await batch in loader where !batch.samples.isEmpty { batches.append(batch.images) }
    guard !batches.isEmpty else { return nil }
    let images = batches
    let rows = try await EngineActor.run { () throws -> [Tensor] in
      let graph = try model.features
      let program = try InferenceProgram(
        graph, parameters: model.parameters, batch: InferenceProgram.preferredBatch, precision: precision)
      return try images.compactMap { try program.runAll([graph.inputs[0].name: $0])[graph.outputs[0]] }
    }
    let width = rows.first.map { $0.shape.count / max($0.shape[0], 1) } ?? 0
    self.init(Tensor(rows.flatMap(\.floats), shape: [rows.reduce(0) { $0 + $1.shape[0] }, width]))
  }
}

extension TrainedModel {
  /// The heads' first layers, where these standardize features.
  var standardizingLayers: Set<String> {
    Set(
      graph.nodes.filter { node in
        node.layer is Normalization && head.contains(node.name) && !graph.outputs.contains(node.name)
      }.map(\.layer.name))
  }

  /// The model with a standardization in place of what its heads have done to features until now. Their other numbers stay: of heads
  /// that have learnt something it makes another function.
  public func standardizing(by standardization: FeatureStandardization) throws -> TrainedModel {
    let layers = standardizingLayers
    var other = self
    other.graph = try graph.rebuilt { node in
      guard layers.contains(node.layer.name), var layer = node.layer as? Normalization else { return node.layer }
      (layer.mean, layer.variance) = (standardization.mean, standardization.variance)
      return layer
    }
    return other
  }
}
