import GraftLearning
import GraftTensors
import Testing

@Suite struct ConfusionMatrixTests {
  @Test func `counts over batches equal those of scikit-learn`() throws {
    let reference = try MetricsFixture.load()
    var matrix = ConfusionMatrix(classes: reference.classes)
    for batch in reference.batches { matrix.add(scores: batch.scores, labels: batch.labels) }
    #expect(matrix.counts == reference.confusion)
    #expect(matrix.count == reference.samples)
    let agreements = zip(reference.labels, reference.predictions).filter { $0 == $1 }
    #expect(matrix.correct == agreements.count)
  }

  @Test func `rows are what samples are and columns what they were taken for`() {
    var matrix = ConfusionMatrix(classes: 2)
    matrix.add(actual: 0, predicted: 1)
    matrix.add(scores: Tensor([0, 1], shape: [1, 2]), labels: [0])
    matrix.add(scores: Tensor([1, 1], shape: [1, 2]), labels: [1])
    #expect(matrix.counts == [[0, 2], [1, 0]])
  }
}
