import Foundation
import GraftGraph
import GraftTensors

/// Photographs beside what an augmentation makes of them, to be looked at before a network learns from it.
public struct AugmentationPreview: Sendable {
  public let evaluation: EvaluationView
  public let augmentation: Augmentation
  public let seed: UInt64
  /// How many random views of each photograph.
  public let views: Int

  public init(_ evaluation: EvaluationView, _ augmentation: Augmentation, seed: UInt64, views: Int) {
    precondition(views > 0, "\(views) views")
    self.evaluation = evaluation
    self.augmentation = augmentation
    self.seed = seed
    self.views = views
  }

  /// A sheet, and what is on it.
  public struct Result: Sendable {
    /// A row for each photograph: its evaluation view, then views 0, 1, ….
    public var sheet: ContactSheet
    /// The photograph of each row.
    public var samples: [Sample] = []
    public var skipped: [SkippedImage] = []
    /// How each column of random views is mixed, as if all its rows were a batch; nil where it is not.
    public var mixtures: [BatchMixture?] = []
    /// Spent on one thread reading and decoding photographs.
    public var decodingSeconds = 0.0
    /// Spent on their random views, without that.
    public var viewSeconds = 0.0
  }

  /// - Parameters:
  ///   - samples: where photographs are taken from, evenly over all of them.
  ///   - count: of photographs; fewer where there are not so many that can be read.
  ///   - isStrict: whether the first file that cannot be read ends the work.
  /// - Throws: `DatasetError` where none can be read, or one where it must be; `ImageError` where a view fails.
  public func make(of samples: [Sample], count: Int, isStrict: Bool = false) throws -> Result {
    let (width, height) = (evaluation.width, evaluation.height)
    var result = Result(sheet: ContactSheet(cellWidth: width, cellHeight: height, columns: views + 1))
    var rows: [[[Float]]] = []
    for sample in Self.spread(samples, count) where rows.count < count {
      do throws(ImageError) {
        rows.append(try row(of: sample, &result))
        result.samples.append(sample)
      } catch {
        if isStrict { throw DatasetError.unreadableImage(path: sample.path, reason: error) }
        result.skipped.append(SkippedImage(sample: sample, reason: error))
      }
    }
    if rows.isEmpty, let first = result.skipped.first {
      throw DatasetError.noReadableImage(
        count: result.skipped.count, path: first.sample.path, reason: first.reason)
    }
    for column in 1...views {
      let mixture = augmentation.mixing?
        .mixture(count: rows.count, width: width, height: height, seed: seed, step: column - 1)
      result.mixtures.append(mixture)
      guard let mixture else { continue }
      let stored = Tensor(rows.flatMap { $0[column] }, shape: [rows.count, height, width, 3])
      let mixed = mixture.mixed(stored.permuted([0, 3, 1, 2])).permuted([0, 2, 3, 1])
      for row in rows.indices { rows[row][column] = mixed[rows: row..<row + 1].floats }
    }
    for row in rows {
      result.sheet.append(
        row.map { RGBImage(width: width, height: height, pixels: $0.map { UInt8(min(max($0, 0), 255) + 0.5) }) })
    }
    return result
  }

  private func row(of sample: Sample, _ result: inout Result) throws(ImageError) -> [[Float]] {
    let start = ContinuousClock.now
    let content = try sample.content()
    let image = try ImageDecoder.decode(content)
    result.decodingSeconds += start.duration(to: .now) / .seconds(1)
    var values = [try evaluation.values(of: image, preprocessing: .identity)]
    let decoded = ContinuousClock.now
    for number in 0..<views {
      let view = TrainingView(evaluation, augmentation, seed: seed, number: number)
      values.append(try view.values(of: image, from: content, preprocessing: .identity))
    }
    result.viewSeconds += decoded.duration(to: .now) / .seconds(1)
    return values
  }

  /// `count` of the samples at equal distances, and then the others, for those that cannot be read.
  private static func spread(_ samples: [Sample], _ count: Int) -> [Sample] {
    guard count < samples.count else { return samples }
    let chosen = (0..<count).map { $0 * samples.count / count }
    let others = Set(samples.indices).subtracting(chosen).sorted()
    return (chosen + others).map { samples[$0] }
  }
}
