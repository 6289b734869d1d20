import Foundation
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

private struct Idiom: CustomTestStringConvertible {
  let testDescription: String
  let nodes: [ONNXNode]
  let function: Activation.Function
  let formula: @Sendable (Float) -> Float
}

private let numbers = [
  "three": number(3), "six": number(6), "sixth": number(1 / 6), "half": number(0.5), "one": number(1),
  "zero": number(0),
  "root": number(Float(2).squareRoot()), "slope": number(0.2),
]

private let hard: @Sendable (Float) -> Float = { $0 * min(max($0 + 3, 0), 6) / 6 }
private let gelu: @Sendable (Float) -> Float = { $0 * 0.5 * (1 + erf($0 / Float(2).squareRoot())) }
private let clipped = [
  node("Add", ["x", "three"], "a"), node("Clip", ["a", "zero", "six"], "c"),
]
private let error = [
  node("Div", ["x", "root"], "d"), node("Erf", ["d"], "e"), node("Add", ["e", "one"], "a"),
]

private let idioms = [
  Idiom(
    testDescription: "x · sigmoid(x)", nodes: [node("Sigmoid", ["x"], "s"), node("Mul", ["x", "s"], "y")],
    function: .swish, formula: { $0 / (1 + exp(-$0)) }),
  Idiom(
    testDescription: "sigmoid(x) · x", nodes: [node("Sigmoid", ["x"], "s"), node("Mul", ["s", "x"], "y")],
    function: .swish, formula: { $0 / (1 + exp(-$0)) }),
  Idiom(
    testDescription: "x · hardSigmoid(x)",
    nodes: [
      node("HardSigmoid", ["x"], "s", ["alpha": .float(0.16667), "beta": .float(0.5)]), node("Mul", ["x", "s"], "y"),
    ], function: .hardSwish, formula: hard),
  Idiom(
    testDescription: "x · (clip(x + 3) / 6)",
    nodes: clipped + [node("Div", ["c", "six"], "g"), node("Mul", ["x", "g"], "y")], function: .hardSwish,
    formula: hard),
  Idiom(
    testDescription: "x · clip(x + 3) / 6",
    nodes: clipped + [node("Mul", ["x", "c"], "g"), node("Div", ["g", "six"], "y")], function: .hardSwish,
    formula: hard),
  Idiom(
    testDescription: "clip(x + 3) · ⅙", nodes: clipped + [node("Mul", ["c", "sixth"], "y")],
    function: .hardSigmoid(), formula: { min(max($0 + 3, 0), 6) / 6 }),
  Idiom(
    testDescription: "x · tanh(softplus(x))",
    nodes: [node("Softplus", ["x"], "s"), node("Tanh", ["s"], "t"), node("Mul", ["x", "t"], "y")],
    function: .mish, formula: { $0 * tanh(log(1 + exp($0))) }),
  Idiom(
    testDescription: "x · (erf + 1) · ½",
    nodes: error + [node("Mul", ["x", "a"], "m"), node("Mul", ["m", "half"], "y")],
    function: .gelu(approximate: false), formula: gelu),
  Idiom(
    testDescription: "x · ½ · (erf + 1)",
    nodes: error + [node("Mul", ["x", "half"], "m"), node("Mul", ["m", "a"], "y")],
    function: .gelu(approximate: false), formula: gelu),
  Idiom(
    testDescription: "x · (½ · (erf + 1))",
    nodes: error + [node("Mul", ["half", "a"], "m"), node("Mul", ["m", "x"], "y")],
    function: .gelu(approximate: false), formula: gelu),
  Idiom(
    testDescription: "max(x, 0.2 · x)", nodes: [node("Mul", ["x", "slope"], "s"), node("Max", ["x", "s"], "y")],
    function: .leakyReLU(slope: 0.2), formula: { max($0, 0.2 * $0) }),
  Idiom(
    testDescription: "clip(x, 0, 6)", nodes: [node("Clip", ["x", "zero", "six"], "y")], function: .relu6,
    formula: { min(max($0, 0), 6) }),
  Idiom(
    testDescription: "max(x, 0)", nodes: [node("Max", ["x", "zero"], "y")], function: .relu, formula: { max($0, 0) }),
]

@Suite struct `Activations in several operators` {
  @Test(arguments: idioms)
  fileprivate func `are one layer that computes the same`(idiom: Idiom) async throws {
    let network = try imported(tiny(idiom.nodes, numbers))
    #expect(network.kinds == ["Activation"])
    #expect((network.layers.first as? Activation)?.function == idiom.function)
    #expect(areNear(try await network.run(eight), eight.map(idiom.formula)))
  }

  @Test func `stay apart where somebody else reads what is between them`() async throws {
    let model = tiny([node("Sigmoid", ["x"], "s"), node("Mul", ["x", "s"], "y")], outputs: ["y", "s"])
    let network = try imported(model)
    #expect(network.kinds == ["Activation", "Multiply"])
    let results = try await network.run(Tensor(eight, shape: [1, 2, 2, 2]))
    #expect(areNear(results[0].floats, eight.map { $0 / (1 + exp(-$0)) }))
    #expect(areNear(results[1].floats, eight.map { 1 / (1 + exp(-$0)) }))
  }

  @Test func `stay apart where they are of different numbers`() async throws {
    let nodes = [node("Relu", ["x"], "r"), node("Sigmoid", ["r"], "s"), node("Mul", ["x", "s"], "y")]
    let network = try imported(tiny(nodes))
    #expect(network.kinds == ["Activation", "Activation", "Multiply"])
    #expect(areNear(try await network.run(eight), eight.map { $0 / (1 + exp(-max($0, 0))) }))
  }

  @Test func `the error function alone is refused`() {
    #expect(
      message { _ = try imported(tiny([node("Erf", ["x"], "y")])) }
        == "tiny.onnx cannot become a graph of layers: Erf (“y”): there is no layer for it outside of GELU")
  }
}
