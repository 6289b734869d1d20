import Foundation
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct `The import of an ONNX model` {
  @Test func `names all operators that it cannot express at once, alike ones together`() {
    let nodes = [
      node("Loop", ["x"], "a"), node("ConvTranspose", ["x", "w"], "b"), node("ConvTranspose", ["x", "w"], "c"),
      node("ConvTranspose", ["x", "w"], "d"), node("ConvTranspose", ["x", "w"], "e"),
      node("Frobnicate", ["x"], "f", domain: "com.example"), node("Det", ["x"], "g"), node("Relu", ["g"], "h"),
      node("Conv", ["x", "w"], "i"),
    ]
    let model = tiny(nodes, ["w": vector(1)], outputs: ["a", "b", "c", "d", "e", "f", "h", "i"])
    #expect(
      message { _ = try imported(model) }
        == "tiny.onnx cannot become a graph of layers: Loop (“a”): branches and loops are no part of a layer graph; "
        + "ConvTranspose (“b”, “c”, “d” and 1 more): transposed convolutions are not supported; "
        + "com.example.Frobnicate (“f”): it is no operator of the standard; Det (“g”): there is no layer for it; "
        + "Conv (“i”): it convolves along -1 axes; only two are supported")
  }

  @Test func `does not mind operators that no output needs`() throws {
    let network = try imported(tiny([node("Loop", ["x"], "a"), node("Relu", ["x"], "y")]))
    #expect(network.kinds == ["Activation"])
  }

  @Test func `leaves a last softmax over the batch off, and says so`() async throws {
    let axis = ["axis": ONNXAttribute.integer(0)]
    let dense = node("Gemm", ["f", "w"], "scores", ["transB": .integer(1)])
    let flatten = node("Flatten", ["x"], "f")
    let weights = ["w": Tensor((0..<16).map { Float($0) / 8 }, shape: [2, 8])]
    let network = try imported(tiny([flatten, dense, node("LogSoftmax", ["scores"], "y", axis)], weights))
    let scores = try imported(tiny([flatten, node("Gemm", ["f", "w"], "y", ["transB": .integer(1)])], weights))
    #expect(try await network.run(eight) == scores.run(eight))
    #expect(
      network.report.conversions == [
        "y left off: it works across the images of a batch, so the outputs are what enters it"
      ])
    // By itself it is no end of a network.
    #expect(
      message { _ = try imported(tiny([node("LogSoftmax", ["x"], "y", axis)])) }
        .hasSuffix("it works across the images of a batch (axis 0)"))
  }

  @Test func `takes nodes in any order, and nodes without names`() async throws {
    let nodes = [
      ONNXNode("Neg", inputs: ["r"], outputs: ["y"]), ONNXNode("Relu", inputs: ["x"], outputs: ["r"]),
    ]
    let network = try imported(tiny(nodes))
    #expect(network.graph.nodes.map(\.name) == ["x", "r", "y"])
    #expect(try await network.run(eight) == eight.map { -max($0, 0) })
  }

  @Test func `gives two nodes of one name two names`() throws {
    let nodes = [
      ONNXNode("Relu", name: "act", inputs: ["x"], outputs: ["a"]),
      ONNXNode("Relu", name: "act", inputs: ["a"], outputs: ["y"]),
    ]
    #expect(try imported(tiny(nodes)).graph.nodes.map(\.name) == ["x", "act", "act_1"])
  }

  @Test func `refuses nodes that need each other, and values that two compute`() {
    let circle = [node("Relu", ["b"], "a"), node("Relu", ["a"], "b"), node("Add", ["a", "x"], "y")]
    #expect(message { _ = try imported(tiny(circle)) }.hasSuffix("needs its own output"))
    let twice = [node("Relu", ["x"], "y"), node("Neg", ["x"], "y")]
    #expect(
      message { _ = try imported(tiny(twice)) }
        == "tiny.onnx cannot become a graph of layers: two of its nodes compute “y”")
  }

  @Test func `refuses outputs and inputs that nobody gives`() {
    #expect(
      message { _ = try imported(tiny([node("Relu", ["z"], "y")])) }
        == "tiny.onnx cannot become a graph of layers: it has no input")
    #expect(
      message { _ = try imported(tiny([node("Add", ["x", "z"], "y")])) }
        == "tiny.onnx cannot become a graph of layers: Add (“y”): its input “z” is computed by nobody")
    #expect(
      message { _ = try imported(tiny([node("Relu", ["x"], "y")], outputs: ["y", "z"])) }
        == "tiny.onnx cannot become a graph of layers: its output “z” is computed by nobody")
    #expect(
      message { _ = try imported(tiny([node("Relu", ["x"], "y")], ["w": vector(1)], outputs: ["y", "w"])) }
        == "tiny.onnx cannot become a graph of layers: its output “w” is a constant")
  }

  @Test func `says which tensors of the file it did not use`() throws {
    let network = try imported(tiny([node("Relu", ["x"], "y")], ["spare": vector(1, 2), "shape": integers([1])]))
    #expect(network.report.unused == ["spare"])
  }

  @Test func `needs the size of images where the file leaves it open`() throws {
    var model = tiny([node("Relu", ["x"], "y")])
    model.graph.inputs[0].dimensions = [.symbol("N"), .size(3), .symbol("H"), .unknown]
    #expect(
      message { _ = try imported(model) }
        == "tiny.onnx cannot become a graph of layers: its input “x” takes images of any size; say which with "
        + "--image-size")
    let sized = try imported(model, inputSize: Size2D(height: 5, width: 7))
    #expect(sized.graph.inputs.map(\.shape) == [[3, 5, 7]])
    model.graph.inputs[0].dimensions = [.symbol("N"), .unknown, .size(5), .size(5)]
    #expect(message { _ = try imported(model) }.hasSuffix("does not say how many channels images have"))
  }

  @Test func `refuses inputs without a batch, of different batches, or of whole numbers`() {
    var model = tiny([node("Relu", ["x"], "y")])
    model.graph.inputs[0].dimensions = [.size(3)]
    #expect(
      message { _ = try imported(model) }
        .hasSuffix("its input “x” has one axis, where the batch and at least one more were expected"))
    model.graph.inputs[0].dimensions = nil
    #expect(message { _ = try imported(model) }.hasSuffix("its input “x” has no shape; export the network with one"))
    model.graph.inputs = [
      ONNXValue("x", dataType: .float32, dimensions: [.size(2), .size(3)]),
      ONNXValue("z", dataType: .float32, dimensions: [.size(1), .size(3)]),
    ]
    #expect(message { _ = try imported(model) }.hasSuffix("its inputs are for batches of different sizes"))
    model.graph.inputs = [ONNXValue("x", dataType: .int32, dimensions: [.size(2), .size(3)])]
    #expect(
      message { _ = try imported(model) }
        .hasSuffix("its input “x” holds whole numbers, and “y” (Relu) computes with them as such"))
  }

  @Test func `takes pixels of whole numbers that are cast at once`() async throws {
    var model = tiny([node("Cast", ["x"], "f", ["to": .integer(1)]), node("Neg", ["f"], "y")])
    model.graph.inputs[0].dataType = .uint8
    #expect(try await imported(model).run(eight) == eight.map { -$0 })
  }

  @Test func `puts a file's own functions in the place of their calls`() async throws {
    let square = ONNXFunction(
      name: "Scaled", domain: "own", inputs: ["a"], outputs: ["b"], attributes: ["slope"],
      defaults: ["unused": .float(1)],
      nodes: [
        ONNXNode("LeakyRelu", inputs: ["a"], outputs: ["c"], attributes: ["alpha": .reference("slope")]),
        ONNXNode("Neg", inputs: ["c"], outputs: ["b"]),
      ])
    let nodes = [
      node("Scaled", ["x"], "first", domain: "own", ["slope": .float(0.5)]),
      node("Scaled", ["first"], "y", domain: "own"),
    ]
    let network = try imported(tiny(nodes, functions: [square]))
    #expect(network.graph.nodes.map(\.name) == ["x", "first/c", "first/b", "y/c", "y/b"])
    func twice(_ number: Float, _ slope: Float) -> Float { -(number > 0 ? number : slope * number) }
    #expect(areNear(try await network.run(eight), eight.map { twice(twice($0, 0.5), 0.01) }))
  }

  @Test func `does not follow functions that call themselves, or each other by the million`() {
    let endless = ONNXFunction(
      name: "F", domain: "own", inputs: ["a"], outputs: ["b"], nodes: [node("F", ["a"], "b", domain: "own")])
    #expect(
      message { _ = try imported(tiny([node("F", ["x"], "y", domain: "own")], functions: [endless])) }
        == "tiny.onnx cannot become a graph of layers: its functions call each other without end")
    let many = (0..<12).map { depth in
      let calls = (0..<8).map { node("F\(depth + 1)", ["a"], "b\($0)", domain: "own") }
      return ONNXFunction(name: "F\(depth)", domain: "own", inputs: ["a"], outputs: ["b0"], nodes: calls)
    }
    #expect(
      message { _ = try imported(tiny([node("F0", ["x"], "y", domain: "own")], functions: many)) }
        == "tiny.onnx cannot become a graph of layers: its functions come to more nodes than any network has")
  }

  @Test func `computes no more constants than a network can need`() {
    let reason = "it computes more numbers than any network needs before it runs"
    let huge = [node("ConstantOfShape", ["shape"], "c"), node("Relu", ["c"], "r"), node("Add", ["x", "r"], "y")]
    for shape in [[1 << 40], [1 << 20, 1 << 20], [1 << 62, 1 << 62]] {
      #expect(message { _ = try imported(tiny(huge, ["shape": integers(shape)])) }.hasSuffix(reason))
    }
    let range = [node("Range", ["zero", "end", "one"], "c"), node("Add", ["x", "c"], "y")]
    let bounds = [
      "zero": integers([0], shape: []), "end": integers([.max], shape: []), "one": integers([1], shape: []),
    ]
    #expect(message { _ = try imported(tiny(range, bounds)) }.hasSuffix(reason))
    let expand = [node("Expand", ["one", "shape"], "c"), node("Add", ["x", "c"], "y")]
    #expect(
      message { _ = try imported(tiny(expand, ["one": number(1), "shape": integers([1 << 31, 1 << 31])])) }
        .hasSuffix(reason))
    #expect(
      message { _ = try imported(tiny(huge, ["shape": integers([-1])])) }
        .hasSuffix("ConstantOfShape (“c”): it asks for the impossible shape [-1]"))
  }

  @Test(
    arguments: [
      ("Slice", ["starts": ONNXAttribute.integers([0]), "ends": .integers([1]), "axes": .integers([0])]),
      ("Concat", ["axis": .integer(0)]), ("ReduceMean", ["axes": .integers([0])]), ("ReduceSum", [:]),
      ("Flatten", ["axis": .integer(2)]), ("Transpose", ["perm": .integers([1, 0, 2, 3])]),
      ("Softmax", ["axis": .integer(0)]), ("Squeeze", ["axes": .integers([0])]),
      ("Unsqueeze", ["axes": .integers([0])]), ("Split", ["axis": .integer(0)]),
      ("Pad", ["pads": .integers([1, 0, 0, 0, 0, 0, 0, 0])]),
    ])
  func `refuses what mixes the images of a batch`(type: String, options: [String: ONNXAttribute]) {
    let words = message { _ = try imported(tiny([node(type, ["x"], "y", options)])) }
    #expect(words.contains("\(type) (“y”)"))
    #expect(words.contains("batch"))
  }

  @Test(
    arguments: [
      ("Conv", ["strides": ONNXAttribute.integers([0, 1])]), ("Conv", ["pads": .integers([-1, 0, 0, 0])]),
      ("Conv", ["dilations": .integers([.max, 1])]), ("Conv", ["group": .integer(0)]),
      ("Conv", ["group": .integer(.max)]), ("Conv", ["kernel_shape": .integers([9, 9])]),
      ("Conv", ["auto_pad": .text("NEAR")]), ("Conv", ["strides": .text("1")]),
      ("MaxPool", ["kernel_shape": .integers([.max, .max])]), ("MaxPool", ["kernel_shape": .integers([])]),
      ("AveragePool", [:]), ("LRN", ["size": .integer(2)]), ("Transpose", ["perm": .integers([0, 0, 0, 0])]),
      ("DepthToSpace", ["blocksize": .integer(.max)]), ("Softmax", ["axis": .integer(.min)]),
      ("Slice", ["starts": .integers([5]), "ends": .integers([.min]), "axes": .integers([2])]),
      ("Slice", ["starts": .integers([.min]), "ends": .integers([.max]), "axes": .integers([9])]),
      ("Split", ["axis": .integer(1), "split": .integers([.max, 1])]), ("Pad", ["pads": .integers([.min])]),
      ("Pad", ["pads": .integers([0, 0, -9, 0, 0, 0, -9, 0])]),
      ("Gather", [:]), ("Reshape", ["shape": .integers([0, .max, .max])]), ("Reshape", ["shape": .integers([])]),
      ("Resize", [:]), ("Upsample", ["scales": .floats([1, 1, .infinity, 1])]),
      ("Upsample", ["scales": .floats([1, 1, .nan, 1])]), ("Expand", [:]), ("MatMul", [:]), ("Gemm", [:]),
      ("BatchNormalization", [:]), ("PRelu", [:]), ("Pow", [:]), ("Clip", ["min": .text("")]),
    ] as [(String, [String: ONNXAttribute])])
  func `refuses options that make no sense, in words`(type: String, options: [String: ONNXAttribute]) {
    let kernel = Tensor(zeros: [2, 2, 1, 1])
    let inputs = type == "Conv" ? ["x", "w"] : ["x"]
    let version = type == "Upsample" || type == "Clip" ? 9 : 11
    let words = message { _ = try imported(tiny([node(type, inputs, "y", options)], ["w": kernel], version: version)) }
    #expect(words.hasPrefix("tiny.onnx cannot become a graph of layers: \(type) (“y”): "))
  }
}

private let published: [(name: String, shape: Shape)] = [
  ("resnet18_imagenet_to_layer3.onnx", [256, 14, 14]), ("squeezenet_imagenet_fp16.onnx", [1000, 1, 1]),
  ("../material/onnx/ort_examples_mnist.onnx", [10]), ("../material/onnx/st_mobilenet_v2_128_0.5.onnx", [2]),
]

@Suite(
  .enabled(if: published.allSatisfy { sharedWeights($0.name) != nil }, "the real ONNX files are not in ../shared"))
struct `ONNX files of other people` {
  @Test(arguments: published)
  func `become graphs that use every tensor`(name: String, shape: Shape) throws {
    let url = try #require(sharedWeights(name))
    let network = try ONNXImporter(ONNXModel(contentsOf: url), name: name).network()
    #expect(network.graph.output?.shape == shape)
    #expect(network.report.unused == [])
    #expect(network.graph.parameters.allSatisfy { network.parameters[$0.name]?.shape == $0.shape })
  }
}
