import Foundation
import GraftGraph

/// A table's rows as labelled images.
struct TableSource {
  private let table: Table
  private let layout: TableLayout
  private let folder: String
  private let request: DataRequest
  private let groupPattern: PathPattern?

  /// - Throws: `DatasetError` where the file is no table, or lacks a column.
  init(_ url: URL, _ request: DataRequest) throws(DatasetError) {
    table = try Table(contentsOf: url)
    folder = (request.images ?? url.deletingLastPathComponent()).path
    var columns = request.columns
    var pattern: PathPattern?
    if let words = request.groupBy {
      if words.contains("("), !table.columns.contains(words) {
        pattern = try PathPattern(words)
      } else {
        columns.group = words
      }
    }
    groupPattern = pattern
    layout = try TableLayout(columns, of: table)
    self.request = request
  }

  /// Rows in the table's order; files that are not there are left out with a warning, as is the second of two equal rows.
  ///
  /// - Throws: `DatasetError.table` with every line at fault, `.noFilesOfTable`, `.oneClassInColumn`.
  /// - Complexity: linear in the number of rows.
  func read() throws(DatasetError) -> LabelledImages {
    var problems: [TableProblem] = []
    let columns = TargetColumns(table, layout, &problems)
    var (sides, sideNames) = try self.sides(&problems)
    var samples: [Sample?] = []
    var seen: [String: Int] = [:]
    var missing: [TableProblem] = []
    var repeated: [Int] = []
    for (index, row) in table.rows.enumerated() {
      var sample: Sample?
      do throws(TableProblem) {
        let read = try self.sample(row, targets: columns.targets.compactMap { $0[index] })
        if let first = seen[read.path] {
          guard samples[first] == read, sides[first] == sides[index] else {
            throw TableProblem(line: row.line, fault: .contradiction(path: read.path, line: table.rows[first].line))
          }
          repeated.append(row.line)
        } else if !exists(read.url) {
          missing.append(TableProblem(line: row.line, fault: .missingFile(path: read.path)))
        } else {
          seen[read.path] = index
          sample = read
        }
      } catch {
        problems.append(error)
      }
      samples.append(sample)
    }
    if !problems.isEmpty { throw .table(file: table.file, problems: problems.sorted { $0.line < $1.line }) }
    let kept = samples.indices.filter { samples[$0] != nil }
    if kept.isEmpty, let first = missing.first { throw .noFilesOfTable(table.file, first: first, folder: folder) }
    sides = kept.map { sides[$0] }
    // Where a table tells training from test only, some of the training images are for validation.
    if !sides.contains(.validation) { sides = sides.map { $0 == .training ? nil : $0 } }
    var warnings = columns.warnings
    if !missing.isEmpty { warnings.append(.missingFiles(table: table.file, missing)) }
    if !repeated.isEmpty { warnings.append(.repeatedRows(table: table.file, lines: repeated)) }
    return LabelledImages(
      name: table.file, tasks: columns.tasks, samples: samples.compactMap { $0 }, sides: sides, sideNames: sideNames,
      warnings: warnings)
  }

  private func exists(_ url: URL) -> Bool {
    var status = stat()
    return stat(url.path, &status) == 0
  }

  private func sample(_ row: Table.Row, targets: [Target]) throws(TableProblem) -> Sample {
    let path = try table.text(row, layout.path)
    var weight: Float = 1
    if let column = layout.weight {
      weight = try table.number(row, column)
      guard weight >= 0 else {
        throw TableProblem(
          line: row.line, fault: .negativeWeight(column: table.columns[column], text: try table.text(row, column)))
      }
    }
    var group = groupPattern?.capture(in: path)
    if let column = layout.group { group = try table.text(row, column) }
    // Made of text, because joining URLs looks at the disk for each.
    let file = path.hasPrefix("/") ? path : folder + "/" + path
    return Sample(
      url: URL(fileURLWithPath: file, isDirectory: false), path: path, targets: targets, weight: weight, group: group)
  }

  /// Which side of a division each row says it is on; how messages call the column.
  private func sides(
    _ problems: inout [TableProblem]
  ) throws(DatasetError) -> (sides: [Side?], names: [Side: SideName]) {
    guard let column = layout.split else { return (Array(repeating: nil, count: table.rows.count), [:]) }
    let name = table.columns[column]
    let texts = table.rows.map { row in if case .text(let text) = row[column] { text } else { "" } }
    let names = [Side.validation, .test].map { ($0, SideName.column(name)) }
    if texts.allSatisfy({ Int($0) != nil }) {
      guard request.division.folds == nil, let fold = request.division.fold, texts.contains("\(fold)") else {
        throw .foldNotNamed(table: table.file, column: name, folds: ClassNames.sorted(Set(texts)))
      }
      return (texts.map { $0 == "\(fold)" ? .validation : .training }, Dictionary(uniqueKeysWithValues: names))
    }
    // Names of sides are no folds, and an option that does nothing would mislead.
    if request.division.folds == nil, let fold = request.division.fold { throw .foldOutOfRange(fold: fold, folds: nil) }
    var sides: [Side?] = []
    for (row, text) in zip(table.rows, texts) {
      let side = Side(named: text)
      if side == nil {
        problems.append(
          TableProblem(
            line: row.line, fault: text.isEmpty ? .emptyCell(column: name) : .unknownSplit(column: name, text: text)))
      }
      sides.append(side)
    }
    return (sides, Dictionary(uniqueKeysWithValues: names.filter { sides.contains($0.0) }))
  }
}
