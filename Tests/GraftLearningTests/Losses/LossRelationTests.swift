import Foundation
import GraftLearning
import GraftTensors
import Testing

/// Losses that must agree with one another.
@Suite struct LossRelationTests {
  private let logits = Tensor([0.5, -1, 2, 1, 0, -3], shape: [2, 3])

  @Test func `smoothed cross-entropy is that of the smoothed distribution`() {
    let smoothed = SoftmaxCrossEntropy(smoothing: 0.3).evaluate(outputs: logits, targets: .classes([2, 0]))
    let spread = SoftmaxCrossEntropy().evaluate(
      outputs: logits, targets: .distributions(Tensor([0.1, 0.1, 0.8, 0.8, 0.1, 0.1], shape: [2, 3])))
    expectEqual(smoothed, spread)
  }

  @Test func `without gamma focal loss is cross-entropy`() {
    expectEqual(
      FocalLoss(gamma: 0, classWeights: [1, 2, 3]).evaluate(outputs: logits, targets: .classes([2, 0])),
      SoftmaxCrossEntropy(classWeights: [1, 2, 3]).evaluate(outputs: logits, targets: .classes([2, 0])))
    let labels = Targets.labels(Tensor([0, 1, 1, 0, 0.5, 1], shape: [2, 3]))
    expectEqual(
      FocalLoss(gamma: 0).evaluate(outputs: logits, targets: labels),
      BinaryCrossEntropy().evaluate(outputs: logits, targets: labels))
  }

  @Test func `a class is a label that holds among others that do not`() {
    expectEqual(
      BinaryCrossEntropy().evaluate(outputs: logits, targets: .classes([2, 0])),
      BinaryCrossEntropy().evaluate(
        outputs: logits, targets: .labels(Tensor([0, 0, 1, 1, 0, 0], shape: [2, 3]))))
  }

  @Test func `a student that agrees with its teacher has nothing to learn from it`() {
    let evaluation = Distillation(temperature: 3, alpha: 1).evaluate(
      outputs: logits, targets: .taught(.classes([0, 1]), teacher: logits))
    #expect(evaluation.losses == [0, 0])
    #expect(evaluation.gradient.floats == [0, 0, 0, 0, 0, 0])
  }

  @Test func `without the teacher's share distillation is cross-entropy`() {
    let distillation = Distillation(alpha: 0, smoothing: 0.1)
    let taught = Targets.taught(.classes([0, 1]), teacher: Tensor(zeros: [2, 3]))
    expectEqual(
      distillation.evaluate(outputs: logits, targets: taught),
      distillation.withoutTeacher.evaluate(outputs: logits, targets: .classes([0, 1])))
  }

  @Test func `a class with a logit of minus infinity is out of the question`() {
    let masked = Tensor([0, -.infinity, log(3)], shape: [1, 3])
    for loss: any Loss in [SoftmaxCrossEntropy(), FocalLoss(gamma: 0), FocalLoss()] {
      let evaluation = loss.evaluate(outputs: masked, targets: .classes([2]))
      #expect(evaluation.losses[0].isFinite)
      #expect(evaluation.gradient.floats[1] == 0)
    }
    let right = SoftmaxCrossEntropy().evaluate(outputs: masked, targets: .classes([1]))
    #expect(right.losses == [.infinity])
  }

  // d = 0.5 and −3 with δ = 1: (0.125 + 2.5) / 2.
  @Test func `Huber's loss by hand`() {
    let evaluation = HuberLoss().evaluate(
      outputs: Tensor([1.5, -1], shape: [1, 2]), targets: .values(Tensor([1, 2], shape: [1, 2])))
    #expect(evaluation.losses == [1.3125])
    #expect(evaluation.gradient.floats == [0.25, -0.5])
  }

  private func expectEqual(_ one: LossEvaluation, _ other: LossEvaluation) {
    #expect(one.losses.count == other.losses.count)
    for (one, other) in zip(one.losses + one.gradient.floats, other.losses + other.gradient.floats) {
      #expect(abs(one - other) < 1e-6)
    }
    #expect(abs(one.sum - other.sum) < 1e-6)
    #expect(one.totalWeight == other.totalWeight)
  }
}
