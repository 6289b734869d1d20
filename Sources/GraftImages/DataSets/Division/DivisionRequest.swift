import GraftGraph

/// How photographs are divided that no folder or column divides.
public struct DivisionRequest: Hashable, Sendable, Codable {
  /// The share for validation, between 0 and 1; nil means `ImageDatasets.defaultSplit`.
  public var validation: Double?
  /// The share for the test; nil means none.
  public var test: Double?
  /// Into how many equal parts the photographs are divided, each for validation once; the test share is set aside before.
  public var folds: Int?
  /// Which of the parts is for validation, `1...folds`; or without `folds`, the number in a table's column.
  public var fold: Int?

  public init(validation: Double? = nil, test: Double? = nil, folds: Int? = nil, fold: Int? = nil) {
    self.validation = validation
    self.test = test
    self.folds = folds
    self.fold = fold
  }

  /// - Throws: `DatasetError.splitOutOfRange`, `.testSplitOutOfRange`, `.splitsTooLarge`, `.foldOutOfRange`, `.foldsAndSplit`.
  func check() throws(DatasetError) {
    if let validation, !(validation > 0 && validation < 1) { throw .splitOutOfRange(validation) }
    if let test, !(test > 0 && test < 1) { throw .testSplitOutOfRange(test) }
    let rest = validation ?? (folds == nil ? ImageDatasets.defaultSplit : 0)
    if let test, test + rest >= 1 { throw .splitsTooLarge(validation: rest, test: test) }
    if let folds {
      if validation != nil { throw .foldsAndSplit }
      guard (2...1000).contains(folds), let fold, (1...folds).contains(fold) else {
        throw .foldOutOfRange(fold: fold, folds: folds)
      }
    }
  }
}

/// Shares to divide by: the parts, and what each is for.
struct DivisionParts {
  /// They add up to 1.
  let shares: [Double]
  let sides: [Side]
  /// Where the parts are equal and for validation in turn.
  let folds: Int?

  init(_ request: DivisionRequest) {
    let test = request.test ?? 0
    var shares: [Double] = []
    var sides: [Side] = []
    if let folds = request.folds {
      shares = Array(repeating: (1 - test) / Double(folds), count: folds)
      sides = (1...folds).map { $0 == request.fold ? .validation : .training }
    } else {
      let validation = request.validation ?? ImageDatasets.defaultSplit
      shares = [1 - validation - test, validation]
      sides = [.training, .validation]
    }
    if test > 0 {
      shares.append(test)
      sides.append(.test)
    }
    (self.shares, self.sides, folds) = (shares, sides, request.folds)
  }
}

extension DivisionParts {
  /// The side of each sample, decided by the seed alone.
  ///
  /// Samples with groups are divided group by group (`GroupedDivision`); others so that each class, or bin of the values, is
  /// divided by itself (`StratifiedDivision`); those with several labels, values or heads by `IterativeDivision`.
  func sides(of samples: [Sample], tasks: [PredictionTask], seed: UInt64) -> [Side] {
    let leastShare = shares.min() ?? 1
    let strata = Strata(of: samples, tasks: tasks, bins: Int(Double(samples.count) * leastShare))
    let parts =
      if samples.contains(where: { $0.group != nil }) {
        GroupedDivision(strata, groups: samples.map(\.group), shares: shares).parts(seed: seed)
      } else if strata.isExclusive {
        StratifiedDivision(strata, parts: self).parts(seed: seed)
      } else {
        IterativeDivision(strata, shares: shares).parts(seed: seed)
      }
    return parts.map { sides[$0] }
  }
}
