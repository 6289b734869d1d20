import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct KerasActivationTests {
  private func function(_ text: String, _ generation: KerasConfiguration.Generation = .two) throws
    -> Activation.Function
  {
    try KerasActivation.function(KerasValue(parsing: text), generation: generation)
  }

  @Test func `hard sigmoid is 0.2x + 0.5 until Keras 3`() throws {
    #expect(try function(#""hard_sigmoid""#, .one) == .hardSigmoid(slope: 0.2))
    #expect(try function(#""hard_sigmoid""#, .two) == .hardSigmoid(slope: 0.2))
    #expect(try function(#""hard_sigmoid""#, .three) == .hardSigmoid(slope: 1 / 6))
  }

  @Test func `the leaky function has another slope than the leaky layer`() throws {
    #expect(try function(#""leaky_relu""#) == .leakyReLU(slope: 0.2))
    #expect(try KerasText.converted("LeakyReLU").layer as? Activation == Activation("x", .leakyReLU(slope: 0.3)))
    for option in [#""alpha": 0.1"#, #""negative_slope": 0.1"#] {
      #expect(
        try KerasText.converted("LeakyReLU", option).layer as? Activation == Activation("x", .leakyReLU(slope: 0.1)))
    }
  }

  @Test func `functions come as words and as objects`() throws {
    #expect(try function("null") == .linear)
    #expect(try function(#""swish""#) == .swish && function(#""silu""#) == .swish)
    #expect(try function(#""softmax_v2""#) == .softmax)
    #expect(try function(#"{"class_name": "function", "config": "gelu"}"#, .three) == .gelu(approximate: false))
    #expect(
      try function(#"{"class_name": "LeakyReLU", "config": {"alpha": 0.25}}"#) == .leakyReLU(slope: 0.25))
    #expect(try function(#"{"class_name": "Custom>relu6", "config": {}}"#) == .relu6)
  }

  @Test func `a function of someone's own is refused by its name`() {
    #expect(
      message { _ = try function(#""my_function""#) }
        == #"KerasRefusal(reason: "its activation “my_function” is not known")"#)
  }

  @Test func `the layer's limits are kept`() throws {
    #expect(
      try KerasText.converted("ReLU", #""max_value": 6.0, "negative_slope": 0.0, "threshold": 0.0"#).layer
        as? Activation == Activation("x", .relu6))
    #expect(
      try KerasText.converted("ReLU", #""max_value": null, "negative_slope": 0.5, "threshold": 0.0"#).layer
        as? Activation == Activation("x", .leakyReLU(slope: 0.5)))
    #expect(
      try KerasText.converted("ReLU", #""max_value": 4.0, "negative_slope": 0.1, "threshold": 0.2"#).layer
        as? Activation == Activation("x", .generalReLU(maxValue: 4, negativeSlope: 0.1, threshold: 0.2)))
  }

  @Test func `softmax over another axis than the channels brings it first and back`() throws {
    let builder = try KerasText.build(
      KerasText.sequence([KerasText.layer("Softmax", #""axis": 1"#, name: "x")], input: "4, 5, 3"))
    let permutes = builder.writer.graph.nodes.compactMap { $0.layer as? Permute }
    #expect(permutes.map(\.axes) == [[1, 0, 2], [1, 0, 2]])
    #expect(builder.writer.graph.output?.shape == [3, 4, 5])
  }

  @Test func `shared axes of a PReLU count the batch`() throws {
    #expect(
      try KerasText.converted("PReLU", #""shared_axes": [1, 2]"#).layer as? PReLU
        == PReLU("x", sharedAxes: [.height, .width]))
    let layers = [
      KerasText.layer("MaxPooling2D", #""pool_size": 1, "data_format": "channels_first""#, name: "p"),
      KerasText.layer("PReLU", #""shared_axes": [2, 3]"#, name: "x"),
    ]
    let builder = try KerasText.build(KerasText.sequence(layers, input: "3, 6, 6"))
    #expect(builder.writer.graph["x"]?.layer as? PReLU == PReLU("x", sharedAxes: [.height, .width]))
  }
}
