import Foundation
import GraftLearning
import GraftTensors
import Testing

/// What holds for every loss.
@Suite struct LossTests {
  @Test(arguments: try LossCase.all)
  func `losses, their mean and the gradient equal those of PyTorch`(reference: LossCase) throws {
    let evaluation = try reference.evaluate()
    #expect(evaluation.gradient.shape == [reference.rows, reference.width])
    let found = try evaluation.losses + [#require(evaluation.mean)] + evaluation.gradient.floats
    let wanted = reference.losses + [reference.mean] + reference.gradient
    #expect(found.count == wanted.count)
    for (found, wanted) in zip(found, wanted) {
      #expect(abs(Double(found) - wanted) <= max(1e-6 * abs(wanted), 1e-7), "\(found) instead of \(wanted)")
    }
  }

  @Test(arguments: try LossCase.ordinary)
  func `the gradient equals central differences of the mean`(reference: LossCase) throws {
    let gradient = try reference.evaluate().gradient.floats
    // The mean in double precision, from float32 outputs: what a step of 2^-8 rounds away is below 1e-4 of it.
    let step: Float = 0x1p-8
    for index in gradient.indices {
      let sides = try [step, -step].map { offset in
        var outputs = reference.outputs
        outputs[index] += offset
        let evaluation = try reference.evaluate(outputs: outputs)
        return (place: Double(outputs[index]), mean: evaluation.sum / evaluation.totalWeight)
      }
      let slope = (sides[0].mean - sides[1].mean) / (sides[0].place - sides[1].place)
      // A kink, of which there is one: the middle of both slopes.
      #expect(abs(slope - Double(gradient[index])) < 2e-4, "\(index): \(slope) and \(gradient[index])")
    }
  }

  @Test(arguments: try LossCase.all)
  func `batches add up to what all their images give at once`(reference: LossCase) throws {
    let whole = try reference.evaluate()
    let parts = try [0..<1, 1..<3, 3..<reference.rows].map { try reference.evaluate($0) }
    let total = parts.reduce(0) { $0 + $1.totalWeight }
    #expect(abs(total - whole.totalWeight) < 1e-12 * total)
    #expect(abs(parts.reduce(0) { $0 + $1.sum } - whole.sum) <= 1e-12 * abs(whole.sum))
    let gradient = parts.flatMap { part in
      part.gradient.floats.map { Double($0) * part.totalWeight / total }
    }
    for (found, wanted) in zip(gradient, whole.gradient.floats) {
      #expect(abs(found - Double(wanted)) <= 2e-7 * abs(Double(wanted)) + 1e-12)
    }
  }

  private static let targets: [(loss: String, targets: Targets)] = [
    ("cross-entropy:smoothing=0.1", .classes([1])), ("focal", .classes([1])),
    ("focal", .labels(Tensor([0, 1], shape: [1, 2]))), ("bce", .labels(Tensor([0, 1], shape: [1, 2]))),
    ("mse", .values(Tensor([0, 1], shape: [1, 2]))), ("mae", .values(Tensor([0, 1], shape: [1, 2]))),
    ("huber", .values(Tensor([0, 1], shape: [1, 2]))),
    ("distillation", .taught(.classes([1]), teacher: Tensor([0, 1], shape: [1, 2]))),
  ]

  @Test func `rows of padding change nothing and get no gradient`() throws {
    for (text, targets) in Self.targets {
      let loss = try LossConfiguration(parsing: text).loss()
      let plain = loss.evaluate(outputs: Tensor([0.5, -1], shape: [1, 2]), targets: targets)
      let padded = loss.evaluate(outputs: Tensor([0.5, -1, .nan, .infinity], shape: [2, 2]), targets: targets)
      #expect(padded.losses == plain.losses, "\(text)")
      #expect(padded.mean == plain.mean)
      #expect(padded.gradient.floats == plain.gradient.floats + [0, 0])
    }
  }

  @Test func `an output that is NaN shows in loss and gradient`() throws {
    for (text, targets) in Self.targets {
      let loss = try LossConfiguration(parsing: text).loss()
      for output in [Float.nan, .infinity] {
        let evaluation = loss.evaluate(outputs: Tensor([output, 0], shape: [1, 2]), targets: targets)
        #expect(!evaluation.losses[0].isFinite, "\(text) of \(output)")
        #expect(evaluation.mean.map { !$0.isFinite } ?? false)
      }
      let evaluation = loss.evaluate(outputs: Tensor([.nan, 0], shape: [1, 2]), targets: targets)
      #expect(evaluation.gradient.floats[0].isNaN, "\(text)")
    }
  }

  @Test func `an image of no weight has no gradient, whatever its numbers`() throws {
    for (text, _) in Self.targets where text.hasPrefix("cross") || text == "focal" {
      let loss = try LossConfiguration(parsing: text).loss()
      let evaluation = loss.evaluate(
        outputs: Tensor([.nan, 0, 1, 2], shape: [2, 2]), targets: .classes([0, 1]), weights: [0, 3])
      #expect(evaluation.losses[0].isNaN)
      #expect(evaluation.mean?.isFinite == true)
      #expect(evaluation.gradient.floats[..<2] == [0, 0])
      #expect(evaluation.totalWeight == 3)
    }
  }

  @Test func `where nothing has any weight there is no mean and no gradient`() {
    let evaluation = SoftmaxCrossEntropy(classWeights: [0, 1]).evaluate(
      outputs: Tensor([1, 2], shape: [1, 2]), targets: .classes([0]))
    #expect(evaluation.mean == nil)
    #expect(evaluation.gradient.floats == [0, 0])
  }
}
