import Foundation
import GraftGraph
import Testing

@testable import GraftImages

struct BalanceTests {
  private func samples(_ targets: [Target]) -> [Sample] {
    targets.map { Sample(url: URL(filePath: "/x"), path: "x", targets: [$0]) }
  }

  /// ```python
  /// compute_class_weight("balanced", classes=[0, 1, 2], y=[0]*6 + [1]*3 + [2])  # [0.55555556 1.11111111 3.33333333]
  /// ```
  @Test func `balanced weights are scikit-learn's`() throws {
    let targets = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2].map(Target.oneClass)
    let balance = try #require(
      ClassBalance(samples(targets), tasks: [.classification(classes: ["a", "b", "c", "never"])]))
    #expect(balance.counts == [6, 3, 1, 0] && balance.total == 10 && balance.imbalance == 6)
    #expect(balance.balancedWeights == [0.555_555_56, 1.111_111_11, 3.333_333_33, 0])
  }

  @Test func `of labels, the negatives for each positive`() throws {
    let balance = try #require(
      ClassBalance(
        samples([.labels([0]), .labels([0, 1]), .labels([]), .labels([0])]),
        tasks: [.multiLabel(labels: ["x", "y", "never"])]))
    #expect(balance.counts == [3, 1, 0] && balance.total == 4)
    #expect(balance.balancedWeights == [1 / 3, 3, 0])
    #expect(ClassBalance(samples([.values([1])]), tasks: [.regression(values: ["v"])]) == nil)
    #expect(ClassBalance([], tasks: [.classification(classes: ["a"])])?.imbalance == nil)
  }

  private let labels: [Int?] = Array(repeating: 0, count: 70) + Array(repeating: 3, count: 7) + [nil, 1, 1, 1]

  @Test func `an epoch draws every class equally often, as many as there are images`() {
    let sampler = BalancedSampler(labels: labels, seed: 4)
    for epoch in [0, 1, 2, 50] {
      let order = sampler.order(epoch: epoch)
      #expect(order.count == 80 && order.allSatisfy { labels[$0] != nil })
      let counts = [0, 3, 1].map { label in order.count { labels[$0] == label } }
      #expect(Set(counts).isSubset(of: [26, 27]), "\(counts)")
      #expect(order != order.sorted() && order.prefix(27).contains { labels[$0] != 0 }, "not mixed")
    }
  }

  @Test func `through all epochs, every image of a class is drawn equally often`() {
    let sampler = BalancedSampler(labels: labels, seed: 4)
    var drawn = [Int](repeating: 0, count: labels.count)
    for epoch in 0..<9 { for index in sampler.order(epoch: epoch) { drawn[index] += 1 } }
    for label in [0, 1, 3] {
      let counts = labels.indices.filter { labels[$0] == label }.map { drawn[$0] }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1 && counts.reduce(0, +) == 240)
    }
    #expect(drawn[77] == 0, "an image without a class was drawn")
  }

  @Test func `the order is a function of seed and epoch, and of nothing before`() {
    let sampler = BalancedSampler(labels: labels, seed: 4)
    _ = sampler.order(epoch: 0)
    #expect(sampler.order(epoch: 7) == BalancedSampler(labels: labels, seed: 4).order(epoch: 7))
    #expect(sampler.order(epoch: 7) != sampler.order(epoch: 8))
    #expect(sampler.order(epoch: 7) != BalancedSampler(labels: labels, seed: 5).order(epoch: 7))
    #expect(BalancedSampler(labels: [], seed: 1).order(epoch: 3).isEmpty)
    #expect(BalancedSampler(labels: [0, 0, 0], seed: 1).order(epoch: 1).sorted() == [0, 1, 2])
  }
}
