import Foundation
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImages

struct DivisionTests {
  private func samples(_ targets: [[Target]], groups: [String?]? = nil) -> [Sample] {
    targets.enumerated().map { index, targets in
      Sample(url: URL(filePath: "/\(index)"), path: "\(index)", targets: targets, group: groups?[index])
    }
  }

  private func labelled(_ counts: [Int]) -> [Sample] {
    samples(counts.enumerated().flatMap { label, count in Array(repeating: [Target.oneClass(label)], count: count) })
  }

  private func classes(_ count: Int) -> [PredictionTask] { [.classification(classes: (0..<count).map { "\($0)" })] }

  private func sides(
    _ samples: [Sample], _ tasks: [PredictionTask], _ request: DivisionRequest, seed: UInt64 = 1
  ) -> [Side] {
    DivisionParts(request).sides(of: samples, tasks: tasks, seed: seed)
  }

  private func counts(_ sides: [Side], _ side: Side, _ samples: [Sample], classes: Int) -> [Int] {
    (0..<classes).map { label in zip(samples, sides).count { $0.label == label && $1 == side } }
  }

  /// What Graft did when folders were all there was: whoever has a seed in his notes keeps his division.
  @Test func `a share for validation alone is divided as it always was`() {
    let sizes = [30, 7, 1, 2, 101]
    let samples = labelled(sizes)
    for (seed, share) in [(0, 0.2), (1, 0.2), (7, 0.5), (99, 0.99)] as [(UInt64, Double)] {
      var chosen: Set<Int> = []
      for label in sizes.indices {
        var members = samples.indices.filter { samples[$0].label == label }
        guard members.count > 1 else { continue }
        var generator = SeededGenerator(seed: seed, stream: 0x5350_4c49_0000_0000 + UInt64(label))
        members.shuffle(using: &generator)
        let count = Int((Double(members.count) * share).rounded())
        chosen.formUnion(members.prefix(min(max(count, 1), members.count - 1)))
      }
      let sides = sides(samples, classes(5), DivisionRequest(validation: share), seed: seed)
      #expect(Set(sides.indices.filter { sides[$0] == .validation }) == chosen)
    }
    let first = sides(labelled([10]), classes(1), DivisionRequest(), seed: 1)
    #expect(first.indices.filter { first[$0] == .validation } == Self.firstOfTen)
  }

  /// Of ten images of the first class, with seed 1.
  private static let firstOfTen = [1, 9]

  @Test func `a test is taken from what else would be for training`() {
    let samples = labelled([50, 20, 3, 2, 1])
    let without = sides(samples, classes(5), DivisionRequest(validation: 0.2))
    let with = sides(samples, classes(5), DivisionRequest(validation: 0.2, test: 0.1))
    #expect(with.indices.filter { with[$0] == .validation } == without.indices.filter { without[$0] == .validation })
    #expect(counts(with, .test, samples, classes: 5) == [5, 2, 1, 0, 0])
    #expect(counts(with, .training, samples, classes: 5) == [35, 14, 1, 1, 1])
  }

  @Test(arguments: [nil, 0.1])
  func `every image is for validation in one fold, every class evenly`(test: Double?) {
    let samples = labelled([23, 10, 4, 51])
    var validated = [Int](repeating: 0, count: samples.count)
    var tested: Set<[Bool]> = []
    for fold in 1...5 {
      let sides = sides(samples, classes(4), DivisionRequest(test: test, folds: 5, fold: fold))
      for (index, side) in sides.enumerated() where side == .validation { validated[index] += 1 }
      tested.insert(sides.map { $0 == .test })
      for (label, total) in [23, 10, 4, 51].enumerated() {
        let count = counts(sides, .validation, samples, classes: 4)[label]
        let rest = total - counts(sides, .test, samples, classes: 4)[label]
        #expect(count == rest / 5 || count == rest / 5 + 1)
      }
    }
    #expect(tested.count == 1, "another test in another fold")
    #expect(zip(validated, tested.first ?? []).allSatisfy { $0 == ($1 ? 0 : 1) })
  }

  @Test func `folds of many small classes are of like size`() {
    let samples = labelled(Array(repeating: 3, count: 100))
    let sizes = (1...5).map { fold in
      sides(samples, classes(100), DivisionRequest(folds: 5, fold: fold)).count { $0 == .validation }
    }
    #expect(sizes == [60, 60, 60, 60, 60])
  }

  @Test func `labels are as frequent in each part as in the whole`() {
    // 20 labels whose frequencies fall like 1/n, independent of each other.
    var generator = SeededGenerator(seed: 5)
    let targets = (0..<2000).map { _ in
      [Target.labels(Set((0..<20).filter { generator.nextUniform() < 0.5 / Float($0 + 1) }))]
    }
    let samples = samples(targets)
    let tasks: [PredictionTask] = [.multiLabel(labels: (0..<20).map { "\($0)" })]
    func count(_ label: Int, _ side: Side?, _ sides: [Side]) -> Int {
      zip(samples, sides).count { sample, its in
        guard case .labels(let labels)? = sample.targets.first else { return false }
        return labels.contains(label) && (side == nil || side == its)
      }
    }
    let sides = sides(samples, tasks, DivisionRequest(validation: 0.2, test: 0.1))
    for label in 0..<20 {
      let total = Double(count(label, nil, sides))
      #expect(abs(Double(count(label, .validation, sides)) - 0.2 * total) <= 2, "label \(label)")
      #expect(abs(Double(count(label, .test, sides)) - 0.1 * total) <= 2, "label \(label)")
    }
    #expect(abs(sides.count { $0 == .validation } - 400) <= 2 && abs(sides.count { $0 == .test } - 200) <= 2)
    #expect(sides == self.sides(samples, tasks, DivisionRequest(validation: 0.2, test: 0.1)))
    #expect(sides != self.sides(samples, tasks, DivisionRequest(validation: 0.2, test: 0.1), seed: 2))
  }

  @Test func `values are divided by ranges`() {
    let values = (0..<100).map { Float($0 * $0) }.shuffled()
    let samples = samples(values.map { [.values([$0])] })
    let sides = sides(samples, [.regression(values: ["age"])], DivisionRequest(validation: 0.2))
    let chosen = zip(values, sides).filter { $1 == .validation }.map(\.0).sorted()
    #expect(chosen.count == 20)
    for decile in 0..<10 {
      let (low, high) = (Float(decile * decile * 100), Float((decile + 1) * (decile + 1) * 100))
      #expect(chosen.count { $0 >= low && $0 < high } == 2)
    }
  }

  @Test func `equal values are one range, and few samples have few`() {
    let one = Strata(of: samples((0..<50).map { _ in [.values([3])] }), tasks: [.regression(values: ["a"])], bins: 10)
    #expect(one.count == 1 && one.isExclusive)
    let ratings = Strata(
      of: samples((0..<50).map { [.values([Float($0 % 5)])] }), tasks: [.regression(values: ["a"])], bins: 10)
    #expect(ratings.count == 5)
    let few = Strata(of: samples((0..<9).map { [.values([Float($0)])] }), tasks: [.regression(values: ["a"])], bins: 1)
    #expect(few.count == 1)
  }

  @Test func `no group is on two sides, and the shares are nearly kept`() {
    var generator = SeededGenerator(seed: 3)
    // 120 groups of 1 to 20 images, each mostly of one of three classes.
    var targets: [[Target]] = []
    var groups: [String] = []
    for group in 0..<120 {
      for _ in 0..<Int.random(in: 1...20, using: &generator) {
        let label = generator.nextUniform() < 0.8 ? group % 3 : Int.random(in: 0..<3, using: &generator)
        targets.append([.oneClass(label)])
        groups.append("patient \(group)")
      }
    }
    let samples = samples(targets, groups: groups)
    for request in [DivisionRequest(validation: 0.2), DivisionRequest(validation: 0.15, test: 0.15)]
      + (1...5).map({ DivisionRequest(folds: 5, fold: $0) })
    {
      let sides = sides(samples, classes(3), request)
      var sidesOfGroup: [String: Set<Side>] = [:]
      for (group, side) in zip(groups, sides) { sidesOfGroup[group, default: []].insert(side) }
      #expect(sidesOfGroup.values.allSatisfy { $0.count == 1 })
      for label in 0..<3 {
        let total = Double(targets.count { $0 == [.oneClass(label)] })
        let wanted = total * (request.validation ?? 0.2)
        let count = Double(counts(sides, .validation, samples, classes: 3)[label])
        #expect(abs(count - wanted) <= 3, "\(request), class \(label): \(count) for \(wanted)")
      }
    }
    var validated = [Int](repeating: 0, count: samples.count)
    for fold in 1...5 {
      for (index, side) in sides(samples, classes(3), DivisionRequest(folds: 5, fold: fold)).enumerated()
      where side == .validation { validated[index] += 1 }
    }
    #expect(validated.allSatisfy { $0 == 1 })
  }

  @Test func `groups are divided alike in whatever order their images come`() {
    let groups = (0..<60).map { "g\($0 / 4)" }
    let ordered = samples((0..<60).map { [.oneClass($0 % 2)] }, groups: groups)
    let first = sides(ordered, classes(2), DivisionRequest(validation: 0.3))
    let second = sides(ordered.reversed(), classes(2), DivisionRequest(validation: 0.3))
    #expect(first == second.reversed())
    #expect(first != sides(ordered, classes(2), DivisionRequest(validation: 0.3), seed: 2))
  }

  @Test func `two groups are enough for two sides, and one is not`() {
    let two = samples((0..<10).map { [.oneClass($0 % 2)] }, groups: (0..<10).map { $0 == 0 ? "small" : "large" })
    #expect(sides(two, classes(2), DivisionRequest()).count { $0 == .validation } == 1)
    let one = samples((0..<10).map { [.oneClass($0 % 2)] }, groups: (0..<10).map { _ in "all" })
    #expect(sides(one, classes(2), DivisionRequest()).allSatisfy { $0 == .training })
    #expect(sides([], classes(2), DivisionRequest()).isEmpty)
  }

  @Test(arguments: [
    (
      DivisionRequest(validation: 1),
      "The share to set aside for validation is 1.0, but must lie between 0 and 1, such as 0.2."
    ),
    (
      DivisionRequest(test: 0), "The share to set aside for the test is 0.0, but must lie between 0 and 1, such as 0.1."
    ),
    (
      DivisionRequest(test: 0.9),
      "With a share of 0.2 for validation and 0.9 for the test, nothing is left for training. Let them add up to less than 1."
    ),
    (
      DivisionRequest(folds: 5),
      "The fold for validation is not named, of 5. Divide into 2 folds or more, and name one from 1 to their number."
    ),
    (
      DivisionRequest(folds: 5, fold: 6),
      "The fold for validation is 6, of 5. Divide into 2 folds or more, and name one from 1 to their number."
    ),
    (
      DivisionRequest(validation: 0.2, folds: 5, fold: 1),
      "Folds are equal parts, so there is no share for validation to be named beside them. Leave out one of the two."
    ),
  ])
  func `a division that cannot be is refused`(request: DivisionRequest, words: String) {
    do throws(DatasetError) {
      try request.check()
      Issue.record("no error")
    } catch {
      #expect(error.description == words)
    }
  }
}
