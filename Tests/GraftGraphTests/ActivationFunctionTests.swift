import Foundation
import GraftGraph
import Testing

@Suite struct ActivationFunctionTests {
  private static let saved: [(Activation.Function, String)] = [
    (.relu, #""relu""#),
    (.swish, #""silu""#),
    (.gelu(approximate: true), #""gelu_tanh""#),
    (.leakyReLU(slope: 0.25), #"{"function":"leaky_relu","slope":0.25}"#),
    (.elu(), #"{"alpha":1,"function":"elu"}"#),
    (.hardSigmoid(slope: 0.25), #"{"function":"hard_sigmoid","offset":0.5,"slope":0.25}"#),
    (.thresholdedReLU(theta: 0.5), #"{"function":"thresholded_relu","theta":0.5}"#),
    (
      .generalReLU(maxValue: nil, negativeSlope: 0.5, threshold: 1),
      #"{"function":"relu","negativeSlope":0.5,"threshold":1}"#
    ),
    (
      .generalReLU(maxValue: 4, negativeSlope: 0, threshold: 0),
      #"{"function":"relu","maxValue":4,"negativeSlope":0,"threshold":0}"#
    ),
  ]

  @Test func `a function is saved as its name, or as an object where it has options, and comes back`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for (function, text) in Self.saved {
      #expect(try String(decoding: encoder.encode(function), as: UTF8.self) == text)
      #expect(try JSONDecoder().decode(Activation.Function.self, from: Data(text.utf8)) == function)
    }
  }

  @Test func `an unknown function is refused by name`() throws {
    for text in [#""maxout""#, #"{"function":"maxout"}"#] {
      let error = #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Activation.Function.self, from: Data(text.utf8))
      }
      guard case .dataCorrupted(let context) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(context.debugDescription == "there is no activation function “maxout”")
    }
  }

  @Test func `a ReLU with options is the simplest function that it comes to`() {
    #expect(Activation.Function.relu() == .relu)
    #expect(Activation.Function.relu(maxValue: 6) == .relu6)
    #expect(Activation.Function.relu(negativeSlope: 0.5) == .leakyReLU(slope: 0.5))
    #expect(
      Activation.Function.relu(maxValue: 6, threshold: 1)
        == .generalReLU(maxValue: 6, negativeSlope: 0, threshold: 1))
  }
}
