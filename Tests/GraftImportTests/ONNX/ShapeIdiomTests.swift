import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct `Shapes computed in the file` {
  @Test func `a flattening by way of Shape, Gather, Unsqueeze and Concat is a Flatten`() async throws {
    let nodes = [
      node("Shape", ["x"], "shape"), node("Gather", ["shape", "zero"], "batch"),
      node("Unsqueeze", ["batch", "axes"], "row"), node("Concat", ["row", "rest"], "target", ["axis": .integer(0)]),
      node("Reshape", ["x", "target"], "y"),
    ]
    let constants = ["zero": integers([0], shape: []), "axes": integers([0]), "rest": integers([-1])]
    let network = try imported(tiny(nodes, constants))
    #expect(network.layers.map { $0 as? Flatten } == [Flatten("y", order: .channelsFirst)])
    let two = Tensor(eight + eight.map { -$0 }, shape: [2, 2, 2, 2])
    #expect(try await network.run(two)[0].floats == eight + eight.map { -$0 })
  }

  @Test func `a batch that is multiplied, or in the wrong place, is refused`() {
    let head = [node("Shape", ["x"], "shape"), node("Gather", ["shape", "zero"], "batch")]
    let constants = ["zero": integers([0]), "two": integers([2]), "rest": integers([4])]
    for tail in [
      [node("Mul", ["batch", "two"], "m"), node("Concat", ["m", "rest"], "t", ["axis": .integer(0)])],
      [node("Concat", ["two", "batch"], "t", ["axis": .integer(0)])],
    ] {
      let model = tiny(head + tail + [node("Reshape", ["x", "t"], "y")], constants)
      #expect(
        message { _ = try imported(model) }
          == "tiny.onnx cannot become a graph of layers: Reshape (“y”): it mixes the images of a batch with other axes")
    }
  }

  @Test func `a channel shuffle is a reshape, a permutation and a reshape`() async throws {
    let nodes = [
      node("Reshape", ["x", "apart"], "a"), node("Transpose", ["a"], "t", ["perm": .integers([0, 2, 1, 3, 4])]),
      node("Reshape", ["t", "joined"], "y"),
    ]
    let constants = ["apart": integers([0, 2, 2, 1, 2]), "joined": integers([0, 4, 1, 2])]
    let network = try imported(tiny(nodes, constants, input: [4, 1, 2]))
    #expect(network.kinds == ["Reshape", "Permute", "Reshape"])
    #expect(try await network.run([0, 1, 2, 3, 4, 5, 6, 7]) == [0, 1, 4, 5, 2, 3, 6, 7])
  }

  @Test func `means over both axes are global poolings, and give a vector where a flattening follows`() async throws {
    let means: [Float] = [-1.9375, 1.75]
    for (nodes, shape) in [
      ([node("ReduceMean", ["x"], "y", ["axes": .integers([2, 3])])], [2, 1, 1] as Shape),
      ([node("ReduceMean", ["x"], "y", ["axes": .integers([-1, -2]), "keepdims": .integer(0)])], [2]),
      ([node("GlobalAveragePool", ["x"], "p"), node("Flatten", ["p"], "y")], [2]),
      ([node("GlobalAveragePool", ["x"], "p"), node("Reshape", ["p", "vector"], "y")], [2]),
      ([node("GlobalAveragePool", ["x"], "p"), node("Squeeze", ["p", "axes"], "y")], [2]),
    ] {
      let network = try imported(tiny(nodes, ["vector": integers([0, -1]), "axes": integers([2, 3])]))
      #expect(network.kinds == ["GlobalAveragePooling2D"])
      #expect(network.graph.output?.shape == shape)
      #expect(areNear(try await network.run(eight), means))
    }
  }

  @Test func `minus infinity around a maximum is the pooling's own padding, zero is not`() async throws {
    let pool = node("MaxPool", ["p"], "y", ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])])
    let pads = integers([0, 0, 1, 1, 0, 0, 1, 1])
    for (value, kinds, expected) in [
      (-Float.infinity, ["MaxPooling2D"], eight), (0, ["ZeroPadding2D", "MaxPooling2D"], eight.map { max($0, 0) }),
    ] {
      let model = tiny([node("Pad", ["x", "pads", "v"], "p"), pool], ["pads": pads, "v": number(value)])
      let network = try imported(model)
      #expect(network.kinds == kinds)
      #expect(try await network.run(eight) == expected)
    }
  }

  @Test func `SAME_LOWER has the odd pixel before, SAME_UPPER after`() async throws {
    let ones = Tensor([1, 1, 1, 1], shape: [1, 1, 2, 2])
    for (padding, expected) in [("SAME_UPPER", [10, 6, 7, 4] as [Float]), ("SAME_LOWER", [1, 3, 4, 10])] {
      let model = tiny([node("Conv", ["x", "w"], "y", ["auto_pad": .text(padding)])], ["w": ones], input: [1, 2, 2])
      #expect(try await imported(model).run([1, 2, 3, 4]) == expected)
    }
  }

  @Test func `softmax runs over all axes from one on until version 12, along one since 13`() async throws {
    for (version, sums) in [(12, [1] as [Float]), (13, [1, 1, 1, 1])] {
      let network = try imported(tiny([node("Softmax", ["x"], "y")], input: [2, 2, 2], version: version))
      let output = try await network.run(eight)
      let run = 8 / sums.count
      let found = (0..<sums.count).map { output[$0 * run..<($0 + 1) * run].reduce(0, +) }
      #expect(areNear(found, sums))
      #expect(output[7] > output[6])
    }
  }

  @Test func `parts of a split may be joined in another order`() async throws {
    let split = ONNXNode(
      "Split", name: "split", inputs: ["x"], outputs: ["a", "b"], attributes: ["axis": .integer(1)])
    let join = node("Concat", ["b", "a"], "y", ["axis": .integer(1)])
    let network = try imported(tiny([split, join]))
    #expect(network.kinds == ["Slice", "Slice", "Concatenate"])
    #expect(try await network.run(eight) == Array(eight[4...] + eight[..<4]))
  }
}

@Suite struct `Channels last` {
  /// An image of three channels and 2×2 pixels, as TensorFlow's exporters begin and end.
  private let head = node("Transpose", ["x"], "t", ["perm": .integers([0, 3, 1, 2])])
  private let numbers = (0..<12).map(Float.init)
  /// The sum of the channels, and the first.
  private let kernel = Tensor([1, 1, 1, 1, 0, 0], shape: [2, 3, 1, 1])

  @Test func `enter the graph first, and no transposition is left`() async throws {
    let nodes = [
      head, node("Conv", ["t", "w"], "c"), node("Transpose", ["c"], "n", ["perm": .integers([0, 2, 3, 1])]),
      node("Add", ["n", "b"], "s"), node("Relu", ["s"], "y"),
    ]
    let network = try imported(tiny(nodes, ["w": kernel, "b": vector(100, 0)], input: [2, 2, 3]))
    #expect(network.isChannelsLast)
    #expect(network.graph.inputs.map(\.shape) == [[3, 2, 2]])
    #expect(network.kinds == ["Conv2D", "Activation"])
    #expect(network.outputs == [.init(name: "y", node: "y", isChannelsLast: true)])
    #expect(network.report.conversions.first == "channels last in the file, first in the graph")
    #expect(try await network.run(numbers) == [112, 115, 118, 121, 0, 1, 2, 3])
  }

  @Test func `are flattened in their own order`() async throws {
    let nodes = [
      head, node("Conv", ["t", "w"], "c"), node("Transpose", ["c"], "n", ["perm": .integers([0, 2, 3, 1])]),
      node("Reshape", ["n", "row"], "y"),
    ]
    let network = try imported(tiny(nodes, ["w": kernel, "row": integers([-1, 8])], input: [2, 2, 3]))
    #expect(network.kinds == ["Conv2D", "Flatten"])
    #expect(try await network.run(numbers) == [12, 0, 15, 1, 18, 2, 21, 3])
  }

  @Test func `are told by the shape alone where nothing transposes`() throws {
    let network = try imported(tiny([node("Relu", ["x"], "y")], input: [5, 6, 3]))
    #expect(network.graph.inputs.map(\.shape) == [[3, 5, 6]])
    #expect(try imported(tiny([node("Relu", ["x"], "y")], input: [3, 5, 6])).isChannelsLast == false)
  }

  @Test func `a mean over the pixels needs no transposition`() async throws {
    let nodes = [node("ReduceMean", ["x"], "y", ["axes": .integers([1, 2]), "keepdims": .integer(0)])]
    let network = try imported(tiny(nodes, input: [2, 2, 3]))
    #expect(network.kinds == ["GlobalAveragePooling2D"])
    #expect(try await network.run(numbers) == [1.5, 5.5, 9.5])
  }

  @Test func `a product of matrices over them is a convolution of one pixel`() async throws {
    let nodes = [node("MatMul", ["x", "w"], "m"), node("Add", ["m", "b"], "y")]
    let matrix = Tensor([1, 1, 1, 0, 1, 0], shape: [3, 2])
    let network = try imported(tiny(nodes, ["w": matrix, "b": vector(100, 0)], input: [2, 2, 3]))
    #expect(network.kinds == ["Conv2D"])
    #expect(try await network.run(numbers) == [112, 115, 118, 121, 0, 1, 2, 3])
  }
}
