import GraftGraph
import GraftImages
import GraftLearning

/// A cell that makes no sense where it stands.
struct UnreadableCell: Error {
  let text: String
  /// What it fails to be: “no number”.
  let expected: String
}

// How a task's targets and outputs lie in a row of `predictions.csv`.
extension PredictionTask {
  var predictionColumns: [String] {
    switch self {
    case .classification(let classes): ["label", "predicted"] + classes.map { "p:" + $0 }
    case .multiLabel(let labels): labels.flatMap { ["label:" + $0, "p:" + $0] }
    case .regression(let values): values.flatMap { ["value:" + $0, "predicted:" + $0] }
    }
  }

  /// Takes the columns of one task off the front; nil where they are none's.
  init?(columns: inout ArraySlice<String>) {
    if columns.starts(with: ["label", "predicted"]),
      case let classes = columns.dropFirst(2).prefix(while: {
        $0.hasPrefix("p:")
      }), !classes.isEmpty
    {
      columns = columns.dropFirst(2 + classes.count)
      self = .classification(classes: classes.map { String($0.dropFirst(2)) })
    } else if let labels = Self.pairs("label:", "p:", from: &columns) {
      self = .multiLabel(labels: labels)
    } else if let values = Self.pairs("value:", "predicted:", from: &columns) {
      self = .regression(values: values)
    } else {
      return nil
    }
  }

  private static func pairs(_ first: String, _ second: String, from columns: inout ArraySlice<String>) -> [String]? {
    var names: [String] = []
    while let column = columns.first, column.hasPrefix(first) {
      let name = String(column.dropFirst(first.count))
      guard columns.dropFirst().first == second + name else { break }
      names.append(name)
      columns = columns.dropFirst(2)
    }
    return names.isEmpty ? nil : names
  }

  func predictionCells(target: Target?, outputs: [Float]) -> [String] {
    switch self {
    case .classification(let classes):
      var label = ""
      if case .oneClass(let index)? = target, classes.indices.contains(index) { label = classes[index] }
      let best = ClassRanking(scores: outputs).best
      return [label, best.map { classes[$0] } ?? ""] + outputs.map { "\($0)" }
    case .multiLabel:
      var holding: Set<Int>?
      if case .labels(let set)? = target { holding = set }
      return outputs.indices.flatMap { index in
        [holding.map { $0.contains(index) ? "1" : "0" } ?? "", "\(outputs[index])"]
      }
    case .regression:
      var numbers: [Float]?
      if case .values(let values)? = target, values.count == outputs.count { numbers = values }
      return outputs.indices.flatMap { index in
        [numbers.map { "\($0[index])" } ?? "", "\(outputs[index])"]
      }
    }
  }

  /// What is right by these cells; nil where any of them is empty.
  func target(of cells: [String]) throws(UnreadableCell) -> Target? {
    switch self {
    case .classification(let classes):
      if cells[0].isEmpty { return nil }
      guard let index = classes.firstIndex(of: cells[0]) else {
        throw UnreadableCell(text: cells[0], expected: "none of the classes")
      }
      return .oneClass(index)
    case .multiLabel:
      var holding: Set<Int> = []
      for (index, cell) in Self.evens(cells).enumerated() {
        switch cell {
        case "": return nil
        case "0": continue
        case "1": holding.insert(index)
        default: throw UnreadableCell(text: cell, expected: "neither 0 nor 1")
        }
      }
      return .labels(holding)
    case .regression:
      let cells = Self.evens(cells)
      return cells.contains("") ? nil : .values(try Self.numbers(cells))
    }
  }

  func outputs(of cells: [String]) throws(UnreadableCell) -> [Float] {
    switch self {
    case .classification: try Self.numbers(Array(cells.dropFirst(2)))
    case .multiLabel, .regression: try Self.numbers(Self.evens(Array(cells.dropFirst())))
    }
  }

  private static func evens(_ cells: [String]) -> [String] {
    stride(from: 0, to: cells.count, by: 2).map { cells[$0] }
  }

  private static func numbers(_ cells: [String]) throws(UnreadableCell) -> [Float] {
    var numbers: [Float] = []
    for cell in cells {
      guard let number = Float(cell) else { throw UnreadableCell(text: cell, expected: "no number") }
      numbers.append(number)
    }
    return numbers
  }
}
