import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftPlanning
import GraftTensors

/// A model whose batch normalisations have statistics of other images than those that it was trained on.
public struct AdaptedModel: Sendable {
  public let model: TrainedModel
  /// The batch normalisations whose statistics have changed.
  public let layers: [String]
  /// How many images they are of.
  public let images: Int
  public let skipped: [SkippedImage]
  /// How far the statistics have moved, the mean over all channels: of means in units of the old standard deviation, and of the
  /// variances' logarithms.
  public let shiftOfMeans, shiftOfVariances: Double
}

extension TrainedModel {
  /// The model for images of another kind: its batch normalisations get the statistics of `samples`, of which nothing need be known
  /// but how they look. Everything else stays as it is, bit for bit.
  ///
  /// Images run in full batches, drawn at random, each layer normalising by the batch as in training, so that later layers see what
  /// earlier ones make of the new images. What is stored is the mean and the variance over all batches together. Source: AdaBN, Li et
  /// al., arXiv:1603.04779.
  ///
  /// - Parameters:
  ///   - samples: as many as there are; from about a hundred on, a statistic is steady. The images left over from the last full batch
  ///     do not count.
  ///   - batch: images that are normalised together, at least 2; where there are fewer images, all of them.
  ///   - seed: of their order.
  ///   - isStrict: whether an unreadable image is an error instead of being skipped.
  ///   - report: called after each batch.
  /// - Throws: `TrainingError.noStatistics` where the network has no batch normalisation, `.noImages` where fewer than two images can be
  ///   read; `DatasetError`; `EngineError`; `CancellationError`.
  public func adaptingStatistics(
    to samples: [Sample], batch: Int = 32, seed: UInt64 = 0, isStrict: Bool = false,
    report: @escaping @Sendable (WorkProgress) -> Void = { _ in }
  ) async throws -> AdaptedModel {
    let layers = Set(graph.nodes.compactMap { ($0.layer as? BatchNormalization)?.name })
    guard !layers.isEmpty else { throw TrainingError.noStatistics }
    guard batch > 1 else {
      throw TrainingError.invalidOption(option: "--batch", expected: "at least 2", found: "\(batch)")
    }
    return try await EngineActor.run {
      var generator = SeededGenerator(seed: seed, stream: 0)
      let order = samples.indices.shuffled(using: &generator).map { samples[$0] }
      let pass = try StatisticsPass(self, layers: layers, batch: max(2, min(batch, samples.count)))
      try await pass.run(order, of: self, isStrict: isStrict, report)
      return try pass.result(for: self)
    }
  }
}

/// One look at the images, batch by batch.
@EngineActor
private final class StatisticsPass {
  private let layers: Set<String>
  private let batch: Int
  private let program: TrainingProgram
  /// By parameter: the sum over batches of means and of variances, and of the squares of means.
  private var sums: [String: [Double]] = [:]
  private var squares: [String: [Double]] = [:]
  private var batches = 0
  private var skipped: [SkippedImage] = []

  init(_ model: TrainedModel, layers: Set<String>, batch: Int) throws {
    self.layers = layers
    self.batch = batch
    // Keeping nothing of the moving statistics, a step leaves those of the batch in their place.
    let graph = try model.logits.rebuilt { node in
      guard var normalization = node.layer as? BatchNormalization else { return node.layer }
      (normalization.momentum, normalization.movingVariance) = (0, .biased)
      return normalization
    }
    program = try TrainingProgram(
      graph, parameters: model.parameters,
      plan: FreezePlan(
        trainableLayers: [], batchNormModes: Dictionary(uniqueKeysWithValues: layers.map { ($0, .batchStatistics) })),
      batch: batch, seed: 0)
  }

  func run(
    _ samples: [Sample], of model: TrainedModel, isStrict: Bool, _ report: (WorkProgress) -> Void
  ) async throws {
    let loader = ImageLoader(
      samples: samples, view: model.view, preprocessing: model.preprocessing, batch: batch, strict: isStrict)
    var clock = ProgressClock()
    clock.begin(.extracting, total: samples.count)
    var done = 0
    // Unreadable images leave gaps: what a batch lacks comes from the next.
    var waiting = TensorRows(rowShape: program.graph.inputs[0].shape, capacity: 2 * batch)
    for try await images in loader {
      try Task.checkCancellation()
      skipped += images.skipped
      done += images.samples.count + images.skipped.count
      guard !images.samples.isEmpty else { continue }
      waiting.append(images.images)
      if waiting.count >= batch {
        try add(waiting.gathered(0..<batch))
        let rest = waiting.gathered(batch..<waiting.count)
        waiting = TensorRows(rowShape: waiting.rowShape, capacity: 2 * batch)
        if rest.shape[0] > 0 { waiting.append(rest) }
      }
      report(clock.progress(done))
    }
    guard batches > 0 else {
      throw TrainingError.noImages(role: "full batch of \(batch)", skipped: skipped.count)
    }
  }

  private func add(_ images: Tensor) throws {
    _ = try program.forward([program.graph.inputs[0].name: images])
    batches += 1
    for (name, tensor) in try program.trainedParameters().tensors {
      let numbers = tensor.floats.map { Double($0) }
      sums[name] = zip(sums[name] ?? [Double](repeating: 0, count: numbers.count), numbers).map { $0 + $1 }
      squares[name] =
        zip(squares[name] ?? [Double](repeating: 0, count: numbers.count), numbers).map { $0 + $1 * $1 }
    }
  }

  func result(for model: TrainedModel) throws -> AdaptedModel {
    var model = model
    let count = Double(batches)
    var (meanShifts, varianceShifts): ([Double], [Double]) = ([], [])
    for layer in layers {
      let (meanName, varianceName) = ("\(layer)/moving_mean", "\(layer)/moving_variance")
      guard let meanSums = sums[meanName], let meanSquares = squares[meanName], let varianceSums = sums[varianceName],
        let oldMeans = model.parameters[meanName]?.floats, let oldVariances = model.parameters[varianceName]?.floats
      else { continue }
      let means = meanSums.map { $0 / count }
      // Within batches, and between them.
      let variances = means.indices.map { channel in
        varianceSums[channel] / count + max(meanSquares[channel] / count - means[channel] * means[channel], 0)
      }
      for channel in means.indices {
        let deviation = max(Double(oldVariances[channel]), 1e-12).squareRoot()
        meanShifts.append(abs(means[channel] - Double(oldMeans[channel])) / deviation)
        varianceShifts.append(
          abs(log(max(variances[channel], 1e-12) / max(Double(oldVariances[channel]), 1e-12))))
      }
      model.parameters[meanName] = Tensor(means.map { Float($0) }, shape: [means.count])
      model.parameters[varianceName] = Tensor(variances.map { Float($0) }, shape: [variances.count])
    }
    func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(max(numbers.count, 1)) }
    return AdaptedModel(
      model: model, layers: layers.sorted(), images: batches * batch, skipped: skipped,
      shiftOfMeans: mean(meanShifts), shiftOfVariances: mean(varianceShifts))
  }
}
