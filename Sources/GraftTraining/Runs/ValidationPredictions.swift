import Foundation
import GraftFormats
import GraftGraph
import GraftImages

/// What the saved model makes of each validation image: the content of `predictions.csv`.
public struct ValidationPredictions: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    /// As `Sample.path` names the file.
    public let path: String
    /// What is right, one for each task; nil where nothing is known.
    public let targets: [Target?]
    /// What the heads say, one for each task: probabilities, or values in the data's own units, in the order of the names.
    public let outputs: [[Float]]

    public init(path: String, targets: [Target?], outputs: [[Float]]) {
      self.path = path
      self.targets = targets
      self.outputs = outputs
    }
  }

  /// What the heads tell, in their order.
  public let tasks: [PredictionTask]
  public let rows: [Row]

  /// - Precondition: each row has a target and as many outputs as names for each task; the targets are of the tasks.
  public init(tasks: [PredictionTask], rows: [Row]) {
    for row in rows {
      precondition(
        row.targets.count == tasks.count && row.outputs.map(\.count) == tasks.map(\.names.count),
        "\(row.path) has outputs of another shape than the tasks")
    }
    self.tasks = tasks
    self.rows = rows
  }

  /// What a model makes of samples, beside what is right for them.
  public init(_ predictions: [Prediction], tasks: [PredictionTask]) {
    self.init(
      tasks: tasks,
      rows: predictions.map { prediction in
        let targets = prediction.sample.targets
        return Row(
          path: prediction.sample.path,
          targets: tasks.indices.map { targets.indices.contains($0) ? targets[$0] : nil },
          outputs: prediction.outputs)
      })
  }
}

extension ValidationPredictions {
  public static let fileName = "predictions.csv"

  /// Writes the file whole or not at all.
  ///
  /// Columns: `path`; for a classification `label`, `predicted` and `p:` with each class; for labels, of each `label:` and
  /// `p:`; for values, of each `value:` and `predicted:`. Several tasks follow each other. Numbers are written so that they
  /// read back exactly; what is not known is empty.
  ///
  /// - Throws: `FormatError.writeFailed`.
  public func write(to url: URL) throws {
    try table.write(to: url)
  }

  /// Reads the file.
  ///
  /// - Parameter tasks: whose columns it has; where nil, adjacent columns of one kind make one task.
  /// - Throws: `FormatError` where it is missing, or not what `write` writes.
  public init(contentsOf url: URL, tasks: [PredictionTask]? = nil) throws {
    try self.init(CommaSeparatedTable(contentsOf: url), path: url.path(percentEncoded: false), tasks: tasks)
  }

  var table: CommaSeparatedTable {
    CommaSeparatedTable(
      columns: ["path"] + tasks.flatMap(\.predictionColumns),
      rows: rows.map { row in
        [row.path]
          + tasks.indices.flatMap { tasks[$0].predictionCells(target: row.targets[$0], outputs: row.outputs[$0]) }
      })
  }

  init(_ table: CommaSeparatedTable, path: String, tasks known: [PredictionTask]? = nil) throws {
    func malformed(_ reason: String) -> FormatError {
      .malformed(path: path, format: "predictions", reason: reason)
    }
    guard table.columns.first == "path" else { throw malformed("its first column is not “path”") }
    var tasks = known ?? []
    var rest = table.columns.dropFirst()
    if let known {
      guard Array(rest) == known.flatMap(\.predictionColumns) else { throw malformed("its columns are of other tasks") }
      rest = []
    }
    while let first = rest.first {
      guard let task = PredictionTask(columns: &rest) else { throw malformed("the column “\(first)” has no place") }
      tasks.append(task)
    }
    guard !tasks.isEmpty else { throw malformed("it has no column beside the paths") }
    var rows: [Row] = []
    for (number, cells) in table.rows.enumerated() {
      var rest = cells.dropFirst()
      var (targets, outputs): ([Target?], [[Float]]) = ([], [])
      for task in tasks {
        let own = Array(rest.prefix(task.predictionColumns.count))
        rest = rest.dropFirst(own.count)
        do throws(UnreadableCell) {
          targets.append(try task.target(of: own))
          outputs.append(try task.outputs(of: own))
        } catch {
          throw malformed("row \(number + 1) has “\(error.text)”, which is \(error.expected)")
        }
      }
      rows.append(Row(path: cells[0], targets: targets, outputs: outputs))
    }
    self.init(tasks: tasks, rows: rows)
  }
}
