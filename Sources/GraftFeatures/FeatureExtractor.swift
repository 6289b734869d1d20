import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors

/// Sends a folder's images through a network and writes what comes out as a table: `F.npy`, one row an image, and
/// `F.csv`, which image each row is of.
public struct FeatureExtractor: Sendable {
  /// Its output are the features of one image.
  public let graph: LayerGraph
  public let parameters: Parameters
  public let view: EvaluationView
  public let preprocessing: Preprocessing
  /// Whether feature maps are written height, width, channel, as Keras has them.
  public let isChannelsLast: Bool
  /// What convolutions and dense layers multiply; the table is float32.
  public let precision: Precision

  public init(
    graph: LayerGraph, parameters: Parameters, view: EvaluationView, preprocessing: Preprocessing,
    isChannelsLast: Bool = true, precision: Precision = .float32
  ) {
    self.graph = graph
    self.parameters = parameters
    self.view = view
    self.preprocessing = preprocessing
    self.isChannelsLast = isChannelsLast
    self.precision = precision
  }

  /// What an extraction came to.
  public struct Summary: Sendable {
    public let samples: [Sample]
    public let skipped: [SkippedImage]
    /// Of the whole table.
    public let shape: Shape
    public let seconds: Double
  }

  /// The shape of one row.
  public var rowShape: Shape {
    let shape = graph.output?.shape ?? []
    return isChannelsLast && shape.rank == 3 ? [shape[1], shape[2], shape[0]] : shape
  }

  /// Extracts and writes.
  ///
  /// - Parameters:
  ///   - table: where the `.npy` goes; the `.csv` goes beside it under the same name.
  ///   - classes: names for the labels in the `.csv`.
  ///   - report: called after each batch.
  /// - Throws: `FormatError` where a file cannot be written, `DatasetError` for an unreadable image when strict, or where
  ///   none can be read. Neither file is there then.
  public func write(
    _ samples: [Sample], classes: [String], to table: URL, isStrict: Bool = false,
    report: @escaping @Sendable (WorkProgress) -> Void = { _ in }
  ) async throws -> Summary {
    try await EngineActor.run {
      let start = ContinuousClock.now
      let batch = InferenceProgram.preferredBatch
      let program = try InferenceProgram(graph, parameters: parameters, batch: batch, precision: precision)
      let writer = try NumPyRowWriter(replacing: table, rowShape: rowShape)
      let index = try AtomicFile(replacing: table.deletingPathExtension().appendingPathExtension("csv"))
      let loader = ImageLoader(
        samples: samples, view: view, preprocessing: preprocessing, batch: batch, strict: isStrict)
      var done: [Sample] = []
      var skipped: [SkippedImage] = []
      var clock = ProgressClock()
      clock.begin(.extracting, total: samples.count)
      for try await images in loader {
        try Task.checkCancellation()
        skipped += images.skipped
        if !images.samples.isEmpty {
          let features = try program.run(images.images)
          try writer.append(
            rows: isChannelsLast && features.shape.rank == 4 ? features.permuted([0, 2, 3, 1]) : features)
          done += images.samples
        }
        report(clock.progress(done.count + skipped.count))
      }
      try index.write(Self.rows(done, classes).utf8)
      try writer.finish()
      try index.commit()
      return Summary(
        samples: done, skipped: skipped, shape: rowShape.batched(done.count),
        seconds: start.duration(to: .now) / .seconds(1))
    }
  }

  private static func rows(_ samples: [Sample], _ classes: [String]) -> String {
    let lines = samples.enumerated().map { row, sample in
      "\(row),\(quoted(sample.path)),\(sample.label.map { quoted(classes[$0]) } ?? "")"
    }
    return (["row,path,class"] + lines).joined(separator: "\n") + "\n"
  }

  /// RFC 4180: a field with a comma, a quote or a line break stands in quotes, its own quotes doubled.
  private static func quoted(_ field: String) -> String {
    // By scalars: a carriage return and a line feed are one character to Swift.
    guard field.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
