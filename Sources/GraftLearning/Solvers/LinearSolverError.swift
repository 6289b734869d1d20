import Foundation

/// Why a linear layer cannot be computed from features.
public enum LinearSolverError: Error, Hashable, Sendable {
  case noRows
  /// A feature that is no number.
  case notFinite(row: Int, column: Int, value: Float)
  /// Labels, values, weights or groups (`what`) that are not one for each row.
  case wrongCount(what: String, found: Int, expected: Int)
  case labelOutOfRange(row: Int, label: Int, classes: Int)
  /// Every row has the same class.
  case oneClass(Int)
  /// A weight that is negative or no number.
  case badWeight(what: String, index: Int, value: Double)
  /// All weights are zero.
  case noWeight
  /// A target value that is no number.
  case badTarget(row: Int, value: Double)
  /// A setting (`name`) that is not a positive number.
  case badSetting(name: String, value: Double)
  /// Fewer independent rows or groups than two folds need.
  case tooFewForFolds(found: Int, grouped: Bool)
  /// The equations have no single solution.
  case singular
}

extension LinearSolverError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .noRows:
      "there are no features to learn from: give at least one row"
    case .notFinite(let row, let column, let value):
      "feature \(column) of row \(row) is \(value), where a finite number is expected: "
        + "the network or its preprocessing does not fit this image"
    case .wrongCount(let what, let found, let expected):
      "\(found) \(what) for \(expected) rows of features: give one for each"
    case .labelOutOfRange(let row, let label, let classes):
      "row \(row) has the label \(label), where 0 to \(classes - 1) is expected"
    case .oneClass(let label):
      "every row has the class \(label): give examples of at least two classes"
    case .badWeight(let what, let index, let value):
      "\(what) \(index) is \(value), where a number of at least 0 is expected"
    case .noWeight:
      "all weights are zero: nothing is left to learn from"
    case .badTarget(let row, let value):
      "a value of row \(row) is \(value), where a finite number is expected"
    case .badSetting(let name, let value):
      "\(name) is \(value), where a number above 0 is expected"
    case .tooFewForFolds(let found, let grouped):
      "cross-validation needs at least 2 \(grouped ? "groups" : "rows"), and there are \(found)"
    case .singular:
      "the equations have no single solution: raise the regularisation"
    }
  }

  public var errorDescription: String? { description }
}
