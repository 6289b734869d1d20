import Foundation
import GraftLearning
import Testing

@Suite struct LogisticRegressionTests {
  @Test(arguments: try SolversFixture.load().logistic)
  func `weights and probabilities equal those of scikit-learn`(reference: SolversFixture.Logistic) throws {
    let fit = try reference.regression.fit(
      reference.matrix, labels: reference.labels, classes: reference.classes, sampleWeights: reference.sampleWeights)
    #expect(fit.hasConverged)
    let (layer, width) = (fit.layer, reference.width)
    let rows = reference.present.map { Array(layer.kernel[$0 * width..<($0 + 1) * width]) }
    let biases = reference.present.map { layer.bias[$0] }
    if reference.present.count == 2 {
      #expect(deviation(zip(rows[0], rows[1]).map { $1 - $0 }, reference.kernel) < 1e-4)
      #expect(deviation([biases[1] - biases[0]], reference.bias) < 1e-4)
    } else {
      #expect(deviation(rows.flatMap(\.self), reference.kernel) < 1e-4)
      #expect(deviation(biases, reference.bias) < 1e-4)
    }
    let logits = layer(reference.matrix)
    let probabilities = reference.labels.indices.flatMap { row in
      let exponentials = logits[row * reference.classes..<(row + 1) * reference.classes].map { exp($0) }
      let sum = exponentials.reduce(0, +)
      return reference.present.map { exponentials[$0] / sum }
    }
    #expect(deviation(probabilities, reference.probabilities) < 1e-4)
  }

  @Test func `labels are independent of each other and equal scikit-learn's binary answers`() throws {
    let reference = try SolversFixture.load().labels
    let fit = try LogisticRegression(strength: reference.strength).fit(
      FeatureMatrix(reference.features, width: reference.width), truths: reference.truths, labels: reference.labels)
    #expect(fit.hasConverged)
    #expect(deviation(fit.layer.kernel, reference.kernel) < 1e-4)
    #expect(deviation(fit.layer.bias, reference.bias) < 1e-4)
  }

  @Test func `a class without examples is never predicted`() throws {
    let fit = try LogisticRegression().fit(
      FeatureMatrix([0, 1, 2, 3], width: 1), labels: [0, 0, 2, 2], classes: 4)
    let logits = fit.layer(FeatureMatrix([-1000, 1000], width: 1))
    #expect(ClassRanking(scores: logits[..<4]).top(2).sorted() == [0, 2])
    #expect(ClassRanking(scores: logits[4...]).top(2).sorted() == [0, 2])
  }

  @Test func `a label that always holds, or never, is predicted so without weights`() throws {
    let fit = try LogisticRegression().fit(
      FeatureMatrix([0, 1, 2, 3], width: 1),
      truths: [true, false, false, true, false, true, true, false, true, true, false, true], labels: 3)
    #expect(fit.layer.kernel[0] == 0 && fit.layer.kernel[1] == 0 && fit.layer.kernel[2] > 0)
    #expect(fit.layer.bias[0] > 20 && fit.layer.bias[1] < -20)
  }

  @Test func `says what is wrong with what it is given`() throws {
    let regression = LogisticRegression()
    let features = FeatureMatrix([0, 1, 2, .nan], width: 2)
    func message(_ work: () throws -> Void) -> String {
      do {
        try work()
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      message { _ = try regression.fit(features, labels: [0, 1], classes: 2) }
        == "feature 1 of row 1 is nan, where a finite number is expected: "
        + "the network or its preprocessing does not fit this image")
    #expect(
      message { _ = try regression.fit(features, labels: [0], classes: 2) }
        == "1 labels for 2 rows of features: give one for each")
    #expect(
      message { _ = try regression.fit(features, labels: [0, 2], classes: 2) }
        == "row 1 has the label 2, where 0 to 1 is expected")
    #expect(
      message { _ = try regression.fit(features, labels: [1, 1], classes: 2) }
        == "every row has the class 1: give examples of at least two classes")
    #expect(
      message { _ = try regression.fit(features, labels: [0, 1], classes: 2, sampleWeights: [1, -1]) }
        == "the weight of row 1 is -1.0, where a number of at least 0 is expected")
    #expect(
      message { _ = try regression.fit(features, labels: [0, 1], classes: 2, sampleWeights: [0, 0]) }
        == "all weights are zero: nothing is left to learn from")
    #expect(
      message { _ = try regression.fit(FeatureMatrix([], width: 2), labels: [], classes: 2) }
        == "all weights are zero: nothing is left to learn from")
    #expect(
      message {
        _ = try LogisticRegression(strength: 0).fit(FeatureMatrix([0, 1], width: 1), labels: [0, 1], classes: 2)
      } == "the strength C is 0.0, where a number above 0 is expected")
  }

  @Test func `stops where the progress handler throws`() throws {
    struct Enough: Error {}
    let reference = try #require(try SolversFixture.load().logistic.first)
    #expect(throws: Enough.self) {
      _ = try reference.regression.fit(reference.matrix, labels: reference.labels, classes: reference.classes) {
        if $0.iteration == 2 { throw Enough() }
      }
    }
  }
}
