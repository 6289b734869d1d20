import GraftLearning
import GraftTensors
import Testing

@Suite struct AccuracyTests {
  @Test func `top-1 and top-3 accuracy over batches equal those of scikit-learn`() throws {
    let reference = try MetricsFixture.load()
    var (top1, top3) = (Accuracy(), Accuracy(top: 3))
    for batch in reference.batches {
      top1.add(scores: batch.scores, labels: batch.labels)
      top3.add(scores: batch.scores, labels: batch.labels)
    }
    #expect(top1.count == reference.samples)
    #expect(top1.value == reference.top1)
    #expect(top3.value == reference.top3)
  }

  @Test func `of tied scores the lower class wins`() {
    let scores = Tensor([5, 5, 1, 5, 5, 1], shape: [2, 3])
    var top1 = Accuracy()
    top1.add(scores: scores, labels: [0, 1])
    #expect(top1.correct == 1)
    var top2 = Accuracy(top: 2)
    top2.add(scores: scores, labels: [0, 1])
    #expect(top2.correct == 2)
  }

  @Test func `a network that gives only NaN is never right`() {
    var accuracy = Accuracy(top: 2)
    accuracy.add(scores: Tensor([.nan, .nan, .nan, .nan], shape: [2, 2]), labels: [0, 1])
    #expect(accuracy.value == 0)
  }

  @Test func `more guesses than classes are always right`() {
    var accuracy = Accuracy(top: 5)
    accuracy.add(scores: Tensor([3, 1], shape: [1, 2]), labels: [1])
    #expect(accuracy.value == 1)
  }

  @Test func `before the first sample there is no accuracy`() {
    #expect(Accuracy().value == nil)
  }
}
