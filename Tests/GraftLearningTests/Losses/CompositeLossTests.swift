import GraftLearning
import GraftTensors
import Testing

@Suite struct CompositeLossTests {
  private let outputs: [Float] = [0.5, -1, 2, 0.3, -0.7, 1, 0, -3, 1.5, 4, -0.5, 0.25, 1, -2, 3]
  private let composite = CompositeLoss([
    CompositeLoss.Head(columns: 1..<4, loss: SoftmaxCrossEntropy(), factor: 0.5),
    CompositeLoss.Head(columns: 4..<5, loss: MeanSquaredError(), factor: 2),
  ])
  private let classes = [2, 0, 1]
  private let values: [Float] = [1, 2, -1]

  private func targets(_ range: Range<Int>) -> [Targets] {
    [.classes(Array(classes[range])), .values(Tensor(Array(values[range]), shape: [range.count, 1]))]
  }

  private func rows(_ range: Range<Int>) -> Tensor {
    Tensor(Array(outputs[range.lowerBound * 5..<range.upperBound * 5]), shape: [range.count, 5])
  }

  @Test func `the mean is the sum of the heads' means times their factors`() throws {
    let evaluation = composite.evaluate(outputs: rows(0..<3), targets: targets(0..<3), weights: [1, 2, 0.5])
    let means = try evaluation.headMeans.map { try #require($0) }
    #expect(abs(try #require(evaluation.total.mean) - (0.5 * means[0] + 2 * means[1])) < 1e-6)
    let alone = SoftmaxCrossEntropy().evaluate(
      outputs: Tensor([-1, 2, 0.3, 0, -3, 1.5, 0.25, 1, -2], shape: [3, 3]), targets: .classes(classes),
      weights: [1, 2, 0.5])
    #expect(alone.mean == means[0])
  }

  @Test func `each head's gradient lies in its columns, and columns of none have none`() {
    let evaluation = composite.evaluate(outputs: rows(0..<3), targets: targets(0..<3))
    let gradient = evaluation.total.gradient.floats
    for row in 0..<3 {
      #expect(gradient[row * 5] == 0)
      for column in 0..<3 {
        #expect(gradient[row * 5 + 1 + column] == 0.5 * evaluation.heads[0].gradient.floats[row * 3 + column])
      }
      #expect(gradient[row * 5 + 4] == 2 * evaluation.heads[1].gradient.floats[row])
    }
  }

  @Test func `the gradient equals central differences`() throws {
    let gradient = composite.evaluate(outputs: rows(0..<3), targets: targets(0..<3), weights: [1, 2, 0.5]).total
      .gradient
    let step: Float = 0x1p-8
    for (index, slope) in gradient.floats.enumerated() {
      let sides = [step, -step].map { offset in
        var moved = outputs
        moved[index] += offset
        let total = composite.evaluate(
          outputs: Tensor(moved, shape: [3, 5]), targets: targets(0..<3), weights: [1, 2, 0.5]
        ).total
        return total.sum / total.totalWeight
      }
      #expect(abs((sides[0] - sides[1]) / Double(2 * step) - Double(slope)) < 1e-4)
    }
  }

  @Test func `batches add up, with class weights too`() {
    let weighted = CompositeLoss([
      CompositeLoss.Head(columns: 1..<4, loss: SoftmaxCrossEntropy(classWeights: [1, 5, 0.25]), factor: 0.5),
      CompositeLoss.Head(columns: 4..<5, loss: HuberLoss(), factor: 2),
    ])
    let whole = weighted.evaluate(outputs: rows(0..<3), targets: targets(0..<3)).total
    let parts = [0..<1, 1..<3].map { weighted.evaluate(outputs: rows($0), targets: targets($0)).total }
    let gradient = parts.flatMap { part in
      part.gradient.floats.map { Double($0) * part.totalWeight / whole.totalWeight }
    }
    #expect(parts.reduce(0) { $0 + $1.totalWeight } == whole.totalWeight)
    for (found, wanted) in zip(gradient, whole.gradient.floats) { #expect(abs(found - Double(wanted)) < 1e-7) }
  }

  @Test func `a head alone is its loss`() {
    let loss = SoftmaxCrossEntropy(classWeights: [1, 5, 0.25])
    let alone = loss.evaluate(outputs: Tensor(Array(outputs[..<9]), shape: [3, 3]), targets: .classes(classes))
    let composite = CompositeLoss([CompositeLoss.Head(columns: 0..<3, loss: loss)]).evaluate(
      outputs: Tensor(Array(outputs[..<9]), shape: [3, 3]), targets: [.classes(classes)])
    #expect(composite.total.losses == alone.losses)
    #expect(composite.total.gradient.floats == alone.gradient.floats)
    #expect(composite.total.mean == alone.mean)
  }

  @Test func `rows of padding get no gradient`() {
    let evaluation = composite.evaluate(outputs: rows(0..<3), targets: targets(0..<2))
    #expect(evaluation.total.losses.count == 2)
    #expect(evaluation.total.gradient.floats[10...].allSatisfy { $0 == 0 })
  }
}
