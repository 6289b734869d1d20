import GraftLearning
import Testing

@Suite struct CrossValidationFoldsTests {
  @Test func `each class is spread evenly over the folds, and folds are of one size`() throws {
    let labels = (0..<103).map { $0 < 60 ? 0 : $0 < 90 ? 1 : 2 }
    let folds = try CrossValidationFolds(stratifying: labels, folds: 5, seed: 7)
    for label in 0..<3 {
      let counts = (0..<5).map { fold in labels.indices.count { labels[$0] == label && folds.foldOfRow[$0] == fold } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
    let sizes = (0..<5).map { fold in folds.foldOfRow.count { $0 == fold } }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test func `the seed decides, and nothing else`() throws {
    let labels = (0..<40).map { $0 % 4 }
    func folds(_ seed: UInt64) throws -> [Int] {
      try CrossValidationFolds(stratifying: labels, folds: 4, seed: seed).foldOfRow
    }
    #expect(try folds(1) == folds(1))
    #expect(try folds(1) != folds(2))
  }

  @Test func `a group stays on one side, and classes are spread all the same`() throws {
    let groups = (0..<120).map { $0 / 3 }
    let labels = groups.map { $0 % 2 }
    let folds = try CrossValidationFolds(stratifying: labels, folds: 4, seed: 1, groups: groups)
    for group in 0..<40 {
      #expect(Set(groups.indices.filter { groups[$0] == group }.map { folds.foldOfRow[$0] }).count == 1)
    }
    for fold in 0..<4 {
      #expect(labels.indices.count { labels[$0] == 1 && folds.foldOfRow[$0] == fold } == 15)
    }
  }

  @Test func `there are no more folds than rows or groups, and at least two`() throws {
    #expect(try CrossValidationFolds(stratifying: [0, 1, 0], folds: 5, seed: 1).count == 3)
    #expect(try CrossValidationFolds(stratifying: [0, 1, 0, 1], folds: 5, seed: 1, groups: [1, 1, 2, 2]).count == 2)
    #expect(throws: LinearSolverError.tooFewForFolds(found: 1, grouped: true)) {
      try CrossValidationFolds(stratifying: [0, 1], folds: 5, seed: 1, groups: [3, 3])
    }
    #expect(throws: LinearSolverError.tooFewForFolds(found: 0, grouped: false)) {
      try CrossValidationFolds(stratifying: [], folds: 5, seed: 1)
    }
  }
}
