import GraftTensors
import Testing

@testable import GraftLearning

@Suite struct CORALTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let title: String
    let width: Int
    let source, target: [Float]
    let loss: Double
    let sourceGradient, targetGradient: [Double]

    var testDescription: String { title }

    static var all: [Case] {
      get throws {
        struct File: Decodable { let cases: [Case] }
        return try fixture("coral.json", as: File.self).cases
      }
    }

    func evaluate(source: [Float]? = nil, target: [Float]? = nil) -> CORAL.Evaluation {
      func matrix(_ numbers: [Float]) -> Tensor { Tensor(numbers, shape: [numbers.count / width, width]) }
      return CORAL().evaluate(source: matrix(source ?? self.source), target: matrix(target ?? self.target))
    }
  }

  @Test(arguments: try Case.all)
  func `loss and gradients are PyTorch's`(reference: Case) {
    let evaluation = reference.evaluate()
    #expect(abs(evaluation.loss - reference.loss) < 1e-9 * max(reference.loss, 1))
    for (found, expected) in [
      (evaluation.sourceGradient.floats, reference.sourceGradient),
      (evaluation.targetGradient.floats, reference.targetGradient),
    ] {
      let greatest = expected.map(abs).max() ?? 0
      #expect(found.count == expected.count && greatest > 0)
      for (one, other) in zip(found, expected) { #expect(abs(Double(one) - other) < 1e-6 * greatest) }
    }
  }

  @Test(arguments: try Case.all.filter { $0.title != "far from zero" })
  func `gradients are what finite differences say`(reference: Case) {
    let evaluation = reference.evaluate()
    let step: Float = 1.0 / 256
    func check(_ numbers: [Float], _ gradient: [Float], _ loss: ([Float]) -> Double) {
      let greatest = gradient.map(abs).max() ?? 0
      for index in numbers.indices {
        var (more, less) = (numbers, numbers)
        more[index] += step
        less[index] -= step
        let slope = (loss(more) - loss(less)) / Double(more[index] - less[index])
        #expect(abs(slope - Double(gradient[index])) < 1e-3 * Double(greatest))
      }
    }
    check(reference.source, evaluation.sourceGradient.floats) { reference.evaluate(source: $0).loss }
    check(reference.target, evaluation.targetGradient.floats) { reference.evaluate(target: $0).loss }
  }

  @Test func `a domain is no distance from itself, wherever it lies`() throws {
    let reference = try Case.all[0]
    let moved = reference.evaluate(target: reference.source.map { $0 + 0.5 })
    #expect(moved.loss < 1e-12)
    #expect(moved.sourceGradient.floats.allSatisfy { abs($0) < 1e-6 })
  }

  @Test func `one image has no covariance`() {
    let evaluation = CORAL().evaluate(
      source: Tensor([1, 2, 3, 4], shape: [2, 2]), target: Tensor([5, 6], shape: [1, 2]))
    #expect(evaluation.loss == 0 && evaluation.sourceGradient.floats == [0, 0, 0, 0])
    #expect(evaluation.targetGradient.shape == [1, 2] && evaluation.targetGradient.floats == [0, 0])
  }

  @Test func `going down the gradient brings two domains together`() throws {
    let reference = try Case.all[0]
    var target = reference.target
    let before = reference.evaluate().loss
    for _ in 0..<200 {
      let gradient = reference.evaluate(target: target).targetGradient.floats
      for index in target.indices { target[index] -= 0.5 * gradient[index] }
    }
    #expect(reference.evaluate(target: target).loss < 0.05 * before)
  }
}
