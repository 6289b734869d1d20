import Foundation
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

private struct Form: CustomTestStringConvertible {
  let testDescription: String
  let nodes: [ONNXNode]
}

private let constants = ["tiny": number(1e-12), "large": number(0.1), "one": number(1), "axes": integers([1])]
private let length = node("ReduceL2", ["x"], "n", ["axes": .integers([1]), "keepdims": .integer(1)])
private let squares = [
  node("Mul", ["x", "x"], "q"), node("ReduceSum", ["q", "axes"], "s", ["keepdims": .integer(1)]),
  node("Max", ["s", "tiny"], "m"), node("Sqrt", ["m"], "r"),
]

private let forms = [
  Form(testDescription: "x / |x|", nodes: [length, node("Div", ["x", "n"], "y")]),
  Form(
    testDescription: "x / clip(|x|), as PyTorch writes it",
    nodes: [
      length, node("Clip", ["n", "tiny"], "c"), node("Shape", ["x"], "e"), node("Expand", ["c", "e"], "w"),
      node("Div", ["x", "w"], "y"),
    ]),
  Form(
    testDescription: "x / max(|x|)", nodes: [length, node("Max", ["n", "tiny"], "c"), node("Div", ["x", "c"], "y")]),
  Form(
    testDescription: "x · (1 / √max(Σx²)), as TensorFlow writes it",
    nodes: squares + [node("Reciprocal", ["r"], "i"), node("Mul", ["x", "i"], "y")]),
  Form(testDescription: "x / √max(Σx²)", nodes: squares + [node("Div", ["x", "r"], "y")]),
]

/// Vectors and feature maps divided by their length.
@Suite struct UnitNormalizationIdiomTests {
  private func unit(_ numbers: [Float], channels: Int) -> [Float] {
    let positions = numbers.count / channels
    return numbers.indices.map { index in
      let squares = (0..<channels).map { numbers[$0 * positions + index % positions] }.reduce(0) { $0 + $1 * $1 }
      return numbers[index] / squares.squareRoot()
    }
  }

  @Test(arguments: forms, [[8], [2, 2, 2]])
  fileprivate func `a division by the length is one layer`(form: Form, shape: [Int]) async throws {
    let network = try imported(tiny(form.nodes, constants, input: shape))
    #expect(network.kinds == ["UnitNormalization"], "\(network.kinds)")
    #expect(areNear(try await network.run(eight), unit(eight, channels: shape[0])))
    #expect(network.report.conversions.contains { $0.contains("normalisations to unit length recognised") })
  }

  @Test func `what is like it and is not stays what it is`() async throws {
    let others: [(String, [ONNXNode])] = [
      ("a bound that counts", [length, node("Clip", ["n", "large"], "c"), node("Div", ["x", "c"], "y")]),
      ("another's length", [node("Abs", ["x"], "a"), length, node("Div", ["a", "n"], "y")]),
      (
        "a length along another axis",
        [
          node("ReduceL2", ["x"], "n", ["axes": .integers([2]), "keepdims": .integer(1)]),
          node("Div", ["x", "n"], "y"),
        ]
      ),
    ]
    for (title, nodes) in others {
      let network = try imported(tiny(nodes, constants))
      #expect(!network.kinds.contains("UnitNormalization"), "\(title)")
      #expect(try await network.run(eight).count == 8)
    }
  }

  @Test func `a length alone is computed`() async throws {
    let network = try imported(tiny([node("ReduceL2", ["x"], "y", ["axes": .integers([1, 2, 3])])], input: [2, 2, 2]))
    let expected = eight.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(areNear(try await network.run(eight), [expected]))
  }

  @Test func `a cosine head as PyTorch writes it is a dense layer after one`() async throws {
    // F.linear(F.normalize(x), F.normalize(w)): the weights' own normalisation is computed at once.
    let nodes = [
      length, node("Clip", ["n", "tiny"], "c"), node("Shape", ["x"], "e"), node("Expand", ["c", "e"], "z"),
      node("Div", ["x", "z"], "u"),
      node("ReduceL2", ["w"], "l", ["axes": .integers([1]), "keepdims": .integer(1)]),
      node("Clip", ["l", "tiny"], "m"), node("Div", ["w", "m"], "v"),
      node("Transpose", ["v"], "t", ["perm": .integers([1, 0])]), node("MatMul", ["u", "t"], "y"),
    ]
    let weights: [Float] = [3, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    let all = constants.merging(["w": Tensor(weights, shape: [2, 8])]) { first, _ in first }
    let network = try imported(tiny(nodes, all, input: [8]))
    #expect(network.kinds == ["UnitNormalization", "Dense"], "\(network.kinds)")
    let directions = unit(eight, channels: 8)
    let found = try await network.run(eight)
    #expect(areNear(found, [0.6 * directions[0] + 0.8 * directions[1], directions[1]]))
  }
}
