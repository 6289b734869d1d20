import Foundation
import GraftLearning
import GraftTensors
import Testing

@Suite struct SoftmaxCrossEntropyTests {
  @Test(arguments: try CrossEntropyCase.all)
  func `losses, their mean and the gradient equal those of PyTorch`(reference: CrossEntropyCase) throws {
    let evaluation = SoftmaxCrossEntropy().evaluate(outputs: reference.tensor, targets: .classes(reference.labels))
    #expect(evaluation.gradient.shape == [reference.samples, reference.classes])
    let found = try evaluation.losses + [#require(evaluation.mean)] + evaluation.gradient.floats
    let wanted = reference.losses + [reference.mean] + reference.gradient
    #expect(found.count == wanted.count)
    for (found, wanted) in zip(found, wanted) {
      #expect(abs(Double(found) - wanted) <= max(1e-6 * abs(wanted), 1e-7))
    }
  }

  @Test func `the gradient equals central differences of the mean loss`() throws {
    let reference = try #require(try CrossEntropyCase.all.first { $0.title == "ordinary logits" })
    let loss = SoftmaxCrossEntropy()
    let gradient = loss.evaluate(outputs: reference.tensor, targets: .classes(reference.labels)).gradient.floats
    // Float32 losses: a step of 2^-6 balances truncation (about 1e-5) against rounding (about 1e-5).
    let step: Float = 0x1p-6
    for index in gradient.indices {
      let sides = try [step, -step].map { offset in
        var logits = reference.logits
        logits[index] += offset
        let tensor = Tensor(logits, shape: reference.tensor.shape)
        return try #require(loss.evaluate(outputs: tensor, targets: .classes(reference.labels)).mean)
      }
      #expect(abs((sides[0] - sides[1]) / (2 * step) - gradient[index]) < 1e-4)
    }
  }

  // Σ exp = 1 + 1 + 2 = 4, so the losses are log 4 and log 2; softmax is [¼, ¼, ½].
  @Test func `small numbers by hand`() {
    let logits = Tensor([0, 0, log(2), 0, 0, log(2)], shape: [2, 3])
    let evaluation = SoftmaxCrossEntropy().evaluate(outputs: logits, targets: .classes([0, 2]))
    for (found, wanted) in zip(evaluation.losses, [log(4), log(2)] as [Float]) { #expect(abs(found - wanted) < 1e-6) }
    let wanted: [Float] = [-0.375, 0.125, 0.25, 0.125, 0.125, -0.25]
    for (found, wanted) in zip(evaluation.gradient.floats, wanted) { #expect(abs(found - wanted) < 1e-7) }
  }

  @Test func `rows of padding change nothing and get no gradient`() {
    let rows: [Float] = [0.5, -1, 2, 1, 0, -3]
    let plain = SoftmaxCrossEntropy().evaluate(outputs: Tensor(rows, shape: [2, 3]), targets: .classes([2, 1]))
    let padded = SoftmaxCrossEntropy().evaluate(
      outputs: Tensor(rows + [9, .nan, .infinity, 7, 7, 7], shape: [4, 3]), targets: .classes([2, 1]))
    #expect(padded.losses == plain.losses)
    #expect(padded.mean == plain.mean)
    #expect(padded.gradient.shape == [4, 3])
    #expect(padded.gradient.floats == plain.gradient.floats + [0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: [Float.nan, .infinity])
  func `a logit that is no finite number shows in the loss of its sample alone`(logit: Float) {
    let evaluation = SoftmaxCrossEntropy().evaluate(
      outputs: Tensor([logit, 0, 1, 0], shape: [2, 2]), targets: .classes([1, 0]))
    #expect(evaluation.losses[0].isNaN)
    #expect(evaluation.losses[1].isFinite)
    #expect(evaluation.gradient.floats.map(\.isNaN) == [true, true, false, false])
  }

  @Test func `a batch without samples has no mean`() {
    let evaluation = SoftmaxCrossEntropy().evaluate(outputs: Tensor([1, 2], shape: [1, 2]), targets: .classes([]))
    #expect(evaluation.losses == [])
    #expect(evaluation.mean == nil)
    #expect(evaluation.gradient.floats == [0, 0])
  }
}

/// One batch of `Fixtures/cross_entropy.json`.
struct CrossEntropyCase: Decodable, Sendable, CustomTestStringConvertible {
  let title: String
  let samples: Int
  let classes: Int
  let labels: [Int]
  let logits: [Float]
  let mean: Double
  let losses: [Double]
  let gradient: [Double]

  var testDescription: String { title }
  var tensor: Tensor { Tensor(logits, shape: [samples, classes]) }

  static var all: [CrossEntropyCase] {
    get throws {
      struct File: Decodable { let cases: [CrossEntropyCase] }
      return try fixture("cross_entropy.json", as: File.self).cases
    }
  }
}
