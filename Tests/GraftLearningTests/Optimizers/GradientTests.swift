import GraftLearning
import Testing

/// `Fixtures/gradients.json`: what PyTorch makes of gradients before a step, and of weights after it.
struct GradientsFixture: Decodable {
  struct Clipping: Decodable, Sendable, CustomTestStringConvertible {
    let title: String
    let gradients: [[Float]]
    let norm: Double?
    let value: Double?
    let total: Double?
    let clipped: [[Float]]
    var testDescription: String { title }
  }

  struct Start: Decodable, Sendable {
    let decay: Float
    let start: [Float]
    let parameter: [Float]
    let gradient: [Float]
    let sum: [Float]
  }

  struct Average: Decodable, Sendable, CustomTestStringConvertible {
    let title: String
    let decay: Double?
    let weights: [[Float]]
    let averages: [[Float]]
    var testDescription: String { title }
  }

  let clippings: [Clipping]
  let startingPoints: [Start]
  let averages: [Average]

  static func load() throws -> GradientsFixture { try fixture("gradients.json") }
}

@Suite struct GradientTests {
  @Test(arguments: try GradientsFixture.load().clippings)
  func `clipped gradients equal those of PyTorch`(reference: GradientsFixture.Clipping) throws {
    let clipping = try reference.norm.map { .norm($0) } ?? GradientClipping.value(#require(reference.value))
    var norm = GradientNorm()
    for gradient in reference.gradients { norm.add(gradient.span) }
    if let total = reference.total { #expect(abs(norm.value - total) <= 1e-6 * total) }
    let scale = clipping.scale(forNorm: norm.value)
    for (gradient, wanted) in zip(reference.gradients, reference.clipped) {
      var found = gradient
      var span = found.mutableSpan
      clipping.apply(to: &span, scale: scale)
      for (found, wanted) in zip(found, wanted) { #expect(abs(found - wanted) <= 1e-6 * abs(wanted)) }
    }
  }

  @Test func `gradients that are not finite are not hidden`() {
    #expect(GradientClipping.norm(1).scale(forNorm: .nan).isNaN)
    #expect(GradientClipping.norm(1).scale(forNorm: .infinity) == 0)
    var gradient: [Float] = [.nan, .infinity, -.infinity]
    var span = gradient.mutableSpan
    GradientClipping.value(2).apply(to: &span)
    #expect(gradient[0].isNaN)
    #expect(gradient[1...] == [2, -2])
    var scaled: [Float] = [.infinity]
    var scaledSpan = scaled.mutableSpan
    GradientClipping.norm(1).apply(to: &scaledSpan, scale: 0)
    #expect(scaled[0].isNaN)
  }

  @Test func `a norm takes in every element, in vectors or at their ends`() {
    for count in 0..<20 {
      var norm = GradientNorm()
      norm.add([Float](repeating: 3, count: count).span)
      norm.add([4].span)
      #expect(norm.value == (Double(9 * count) + 16).squareRoot())
    }
  }

  @Test func `the pull towards the start equals the penalty's gradient in PyTorch`() throws {
    for reference in try GradientsFixture.load().startingPoints {
      var gradient = reference.gradient
      var span = gradient.mutableSpan
      StartingPoint.addPull(
        to: &span, parameter: reference.parameter.span, start: reference.start.span, decay: reference.decay)
      for (found, wanted) in zip(gradient, reference.sum) { #expect(abs(found - wanted) <= 1e-6 * max(1, abs(wanted))) }
    }
  }

  @Test func `at the start nothing pulls`() {
    var gradient: [Float] = [1, 2]
    var span = gradient.mutableSpan
    let start: [Float] = [0.1, 1e20]
    StartingPoint.addPull(to: &span, parameter: start.span, start: start.span, decay: 3)
    #expect(gradient == [1, 2])
  }
}
