import GraftLearning
import Testing

@Suite struct ClassRankingTests {
  @Test func `classes come by falling score, equal ones by number, NaN last`() {
    let ranking = ClassRanking(scores: [.nan, 1, 3, -.infinity, 3, .nan])
    #expect(ranking.top(10) == [2, 4, 1, 3, 0, 5])
    #expect(ranking.top(3) == [2, 4, 1])
    #expect(ranking.best == 2)
  }

  @Test func `the rank of a class is its place in the order`() {
    let ranking = ClassRanking(scores: [.nan, 1, 3, -.infinity, 3, .nan])
    let ranks = ranking.top(6).map { ranking.rank(of: $0) }
    #expect(ranks == [0, 1, 2, 3, 4, 5])
  }

  @Test func `without classes there is no best, and nothing is asked for in vain`() {
    #expect(ClassRanking(scores: []).best == nil)
    #expect(ClassRanking(scores: []).top(3) == [])
    #expect(ClassRanking(scores: [1, 2]).top(-1) == [])
  }
}
