import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

/// The families of few words.
@Suite struct KerasLayersTests {
  private func reasons(_ className: String, _ options: String = "", input: String = "6, 6, 3") throws -> [String] {
    try KerasText.converted(className, options, input: input).problems
  }

  @Test func `normalisation is of the channels, or refused`() throws {
    for axis in ["-1", "3", "[3]"] {
      #expect(try reasons("BatchNormalization", #""axis": \#(axis)"#).isEmpty)
    }
    #expect(try reasons("BatchNormalization", #""axis": 1"#) == ["its axis is 1, and the channels' is 3"])
    #expect(
      try reasons("BatchNormalization", #""renorm": true"#)
        == ["it renormalises (renorm=True), which is another function"])
    #expect(
      try reasons("BatchNormalization", #""virtual_batch_size": 4"#)
        == ["it splits batches (virtual_batch_size), which is another function"])
    #expect(try reasons("BatchNormalization", #""mode": 2"#) == ["its mode is 2, and only mode 0 normalises channels"])
  }

  @Test func `Keras 2's fused kernel corrects the variance of feature maps, and Keras 3 does not`() throws {
    func moving(_ version: String, _ input: String) throws -> BatchNormalization.MovingVariance? {
      (try KerasText.converted("BatchNormalization", version: version, input: input).layer as? BatchNormalization)?
        .movingVariance
    }
    #expect(try moving("2.4.0", "6, 6, 3") == .unbiased)
    #expect(try moving("2.4.0", "3") == .biased)
    #expect(try moving("3.1.0", "6, 6, 3") == .biased)
  }

  @Test func `a dense layer on a map is a 1×1 convolution, on a vector itself`() throws {
    #expect(
      try KerasText.converted("Dense", #""units": 4"#).layer as? Conv2D == Conv2D("x", filters: 4, kernel: 1))
    #expect(try KerasText.converted("Dense", #""output_dim": 4"#, input: "7").layer as? Dense == Dense("x", units: 4))
    #expect(try KerasText.converted("Dense", #""units": 4"#, input: "5, 7").shape == [4, 5])
  }

  @Test func `reshaping fills in one open dimension, and channels come first in the graph`() throws {
    #expect(try KerasText.converted("Reshape", #""target_shape": [-1, 12]"#).shape == [12, 9])
    #expect(try KerasText.converted("Reshape", #""target_shape": [1, 1, 108]"#).shape == [108, 1, 1])
    #expect(
      try reasons("Reshape", #""target_shape": [5, -1]"#)
        == ["its shape [5, -1] does not hold the 108 elements of its input"])
    #expect(try reasons("Reshape", #""target_shape": [-1, -1]"#) == ["its shape [-1, -1] is none"])
    #expect(
      try reasons("Reshape", #""target_shape": [1, 2, 3, 18]"#)
        == ["its shape [1, 2, 3, 18] has 4 dimensions, and images have 1 to 3"])
  }

  @Test func `permutations are turned into the graph's axes`() throws {
    // [H, W, C] → [C, H, W] in Keras; so the graph's new channels are the old width.
    let found = try KerasText.converted("Permute", #""dims": [3, 1, 2]"#, input: "4, 5, 3")
    #expect(found.layer as? Permute == Permute("x", axes: [2, 0, 1]))
    #expect(found.shape == [5, 3, 4])
  }

  @Test(arguments: [
    ("2", [2, 2, 2, 2]), ("[1, 2]", [1, 1, 2, 2]), ("[[1, 2], [3, 4]]", [1, 2, 3, 4]), ("[1, 2, 3, 4]", [1, 2, 3, 4]),
    (#"{"top_pad": 1, "right_pad": 4}"#, [1, 0, 0, 4]),
  ])
  func `paddings are said in many ways`(text: String, edges: [Int]) throws {
    #expect(
      try KerasText.converted("ZeroPadding2D", #""padding": \#(text)"#).layer as? ZeroPadding2D
        == ZeroPadding2D("x", top: edges[0], bottom: edges[1], left: edges[2], right: edges[3]))
  }

  @Test func `Flatten reads in the order of the model, unless it asks to move the channels last`() throws {
    func order(_ flatten: String) throws -> Flatten.Order? {
      let layers = [
        KerasText.layer("MaxPooling2D", #""pool_size": 1, "data_format": "channels_first""#, name: "p"),
        KerasText.layer("Flatten", flatten, name: "x"),
      ]
      return (try KerasText.build(KerasText.sequence(layers)).writer.graph["x"]?.layer as? Flatten)?.order
    }
    #expect(try order(#""data_format": "channels_last""#) == .channelsFirst)
    #expect(try order("") == .channelsFirst)
    #expect(try order(#""data_format": "channels_first""#) == .channelsLast)
    #expect((try KerasText.converted("Flatten").layer as? Flatten)?.order == .channelsLast)
  }

  @Test func `noise and augmentation leave no trace but dropout`() throws {
    let layers = [
      KerasText.layer("RandomFlip", #""mode": "horizontal""#, name: "a"),
      KerasText.layer("GaussianNoise", #""stddev": 0.1"#, name: "b"),
      KerasText.layer("Dropout", #""p": 0.25"#, name: "c"),
      KerasText.layer("Dropout", #""rate": 0.25, "noise_shape": [null, 1, 1, 1]"#, name: "d"),
    ]
    let graph = try KerasText.build(KerasText.sequence(layers)).writer.graph
    #expect(graph.nodes.map(\.name) == ["image", "c"])
    #expect(graph["c"]?.layer as? Dropout == Dropout("c", rate: 0.25))
  }

  @Test func `numbers for each channel become constants`() throws {
    let builder = try KerasText.build(
      KerasText.sequence([KerasText.layer("Rescaling", #""scale": [1, 2, -3], "offset": 4"#, name: "x")]))
    #expect(builder.problems.isEmpty)
    #expect(builder.writer.constants["x/scale/value"]?.floats == [1, 2, -3])
    #expect(builder.writer.constants["x/offset/value"]?.floats == [4, 4, 4])
    #expect(try reasons("Rescaling", #""scale": [1, 2]"#) == ["it has 2 numbers for 3 channels"])
  }

  @Test(arguments: [
    ("sum", "Add"), ("mul", "Multiply"), ("ave", "Average"), ("max", "Maximum"), ("concat", "Concatenate"),
  ])
  func `Keras 1's Merge is what its mode says`(mode: String, kind: String) throws {
    let merge = KerasText.layer("Merge", #""mode": "\#(mode)", "concat_axis": -1"#, name: "x").dropLast()
    let text = """
      {"class_name": "Model", "config": {"layers": [
        {"class_name": "InputLayer", "name": "i", "config": {"batch_input_shape": [null, 4, 4, 3]}, "inbound_nodes": []},
        \(merge), "inbound_nodes": [[["i", 0, 0], ["i", 0, 0]]]}],
        "input_layers": [["i", 0, 0]], "output_layers": [["x", 0, 0]]}}
      """
    let layer = try #require(try KerasText.build(text).writer.graph["x"]?.layer)
    #expect(type(of: layer).kind == kind)
  }

  @Test func `nodes of TensorFlow's own graph are arithmetic too`() throws {
    let node = #""node_def": "{\"name\": \"truediv\", \"op\": \"RealDiv\"}", "constants": {"1": 4.0}"#
    #expect(try KerasText.converted("TensorFlowOpLayer", node).layer as? Rescaling == Rescaling("x", scale: 0.25))
    let subtraction = #""node_def": {"name": "sub", "op": "Sub"}, "constants": {"0": 4.0}"#
    #expect(
      try KerasText.converted("TensorFlowOpLayer", subtraction).layer as? Rescaling
        == Rescaling("x", scale: -1, offset: 4))
    #expect(
      try reasons("TensorFlowOpLayer", #""node_def": {"op": "Conv3D"}"#) == ["its TensorFlow operation is not known"])
  }

  @Test func `an input of any size needs one to be said`() throws {
    let text = KerasText.sequence([KerasText.layer("Flatten", name: "x")], input: "null, null, 3")
    #expect(
      try KerasText.build(text).problems.map(\.reason) == [
        "it takes images of any size ([null, null, 3]); say which size is meant, --image-size 224"
      ])
    let size = Size2D(height: 4, width: 2)
    #expect(try KerasText.build(text, inputSize: size).writer.graph.output?.shape == [24])
  }

  @Test func `everything that is refused is refused at once, with the reason`() throws {
    let layers = [
      KerasText.layer("Lambda", name: "mine"), KerasText.layer("LSTM", name: "memory"),
      KerasText.layer("MultiHeadAttention", name: "look"), KerasText.layer("SwishGate", name: "own"),
      KerasText.layer("BatchNormalization", #""renorm": true"#, name: "bn"),
    ]
    #expect(
      try KerasText.build(KerasText.sequence(layers)).problems.map(\.description) == [
        "“mine” (Lambda): it is Python code, which only Python can run",
        "“memory” (LSTM): it works on sequences or volumes, so this is no network for images",
        "“look” (MultiHeadAttention): layers of this class are not supported",
        "“own” (SwishGate): the class is not one of Keras's own; its code is not in the file",
      ])
  }

  @Test func `calls that multiply end in words`() throws {
    // Each model calls the one within twice: 2³⁰ calls in a file of a few kilobytes.
    var inner =
      #"{"class_name": "Sequential", "name": "s", "config": [\#(KerasText.layer("GaussianNoise", name: "n"))]"#
    for _ in 0..<30 {
      inner = """
        {"class_name": "Functional", "name": "s", "config": {"layers": [
          {"class_name": "InputLayer", "name": "i", "config": {"batch_input_shape": [null, 4]}, "inbound_nodes": []},
          \(inner), "inbound_nodes": [[["i", 0, 0, {}]], [["s", 0, 0, {}]]]}],
          "input_layers": [["i", 0, 0]], "output_layers": [["s", 1, 0]]}
        """
    }
    inner += "}"
    let reasons = try KerasText.build(inner).problems.map(\.reason)
    #expect(reasons.contains("with it the network would have more than 100000 steps"))
  }
}
