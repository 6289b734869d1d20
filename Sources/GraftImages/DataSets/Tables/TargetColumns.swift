import Foundation
import GraftGraph

/// What a table's columns say of its images: tasks, and whole columns of targets.
struct TargetColumns {
  private(set) var tasks: [PredictionTask] = []
  /// For each task, the target of each row; nil where its cell is at fault.
  private(set) var targets: [[Target?]] = []
  private(set) var warnings: [DatasetWarning] = []
  private let table: Table
  private let layout: TableLayout

  /// - Parameter problems: every cell at fault is added.
  init(_ table: Table, _ layout: TableLayout, _ problems: inout [TableProblem]) {
    self.table = table
    self.layout = layout
    for column in layout.labels { classes(column, &problems) }
    for column in layout.multiLabels { labels(column) }
    if !layout.values.isEmpty { values(&problems) }
  }

  private mutating func classes(_ column: Int, _ problems: inout [TableProblem]) {
    let name = table.columns[column]
    let texts = collect(&problems) { row throws(TableProblem) in
      let text = try table.text(row, column)
      guard !text.isFraction else {
        throw TableProblem(line: row.line, fault: .numberForLabel(column: name, text: text))
      }
      return text
    }
    let names = ClassNames.sorted(Set(texts.compactMap { $0 }))
    if names.count > 20, names.count * 2 > texts.count, names.allSatisfy({ Int($0) != nil }) {
      warnings.append(
        .numbersAsClasses(table: table.file, column: name, classes: names.count, images: texts.count))
    }
    let index = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    tasks.append(.classification(classes: names))
    targets.append(texts.map { $0.flatMap { index[$0] }.map(Target.oneClass) })
  }

  private mutating func labels(_ column: Int) {
    let texts = table.rows.map { row in if case .text(let text) = row[column] { text } else { "" } }
    let separators: [Character] = ["|", ";", ","]
    let separator = separators.first { separator in texts.contains { $0.contains(separator) } }
    let lists = table.rows.map { row -> [String] in
      switch row[column] {
      case .list(let labels): labels.filter { !$0.isEmpty }
      case .text(let text):
        text.split { separator == nil ? $0.isWhitespace : $0 == separator }
          .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      }
    }
    let names = ClassNames.sorted(Set(lists.joined()))
    let index = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    tasks.append(.multiLabel(labels: names))
    targets.append(lists.map { .labels(Set($0.compactMap { index[$0] })) })
  }

  private mutating func values(_ problems: inout [TableProblem]) {
    tasks.append(.regression(values: layout.values.map { table.columns[$0] }))
    targets.append(
      collect(&problems) { row throws(TableProblem) in
        var numbers: [Float] = []
        for column in layout.values { numbers.append(try table.number(row, column)) }
        return .values(numbers)
      })
  }

  private func collect<Value>(
    _ problems: inout [TableProblem], _ read: (Table.Row) throws(TableProblem) -> Value
  ) -> [Value?] {
    var values: [Value?] = []
    for row in table.rows {
      do throws(TableProblem) {
        values.append(try read(row))
      } catch {
        problems.append(error)
        values.append(nil)
      }
    }
    return values
  }
}

extension String {
  /// `0.37` and `-1e5`, but neither `3`, which may be the name of a class, nor `nan`.
  fileprivate var isFraction: Bool {
    guard let first, first.isNumber || "+-.".contains(first) else { return false }
    return Int(self) == nil && Double(self) != nil
  }
}
