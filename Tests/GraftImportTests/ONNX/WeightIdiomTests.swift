import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

/// Two channels of the image swapped by a 1×1 convolution, the second doubled.
private let swap = Tensor([0, 1, 2, 0], shape: [2, 2, 1, 1])
private let swapped: [Float] = [0.5, 1, 2, 3.5, -8, -5, -2, -0.5]

/// What is done to each channel: four numbers of the first, four of the second.
private func byChannel(_ numbers: [Float], _ first: (Float) -> Float, _ second: (Float) -> Float) -> [Float] {
  numbers.prefix(4).map(first) + numbers.dropFirst(4).map(second)
}

@Suite struct `Weights in several operators` {
  @Test func `a constant for each channel added to a convolution is its bias`() async throws {
    let nodes = [node("Conv", ["x", "w"], "conv"), node("Add", ["conv", "b"], "y")]
    let network = try imported(tiny(nodes, ["w": swap, "b": channels(10, 20)]))
    #expect(network.kinds == ["Conv2D"])
    #expect(network.graph.output?.name == "conv")
    #expect(network.outputs == [.init(name: "y", node: "conv", isChannelsLast: false)])
    #expect(network.parameters["conv/bias"]?.floats == [10, 20])
    #expect(
      network.report.bound == [
        .init(parameter: "conv/kernel", source: "w"), .init(parameter: "conv/bias", source: "b"),
      ])
    #expect(network.report.conversions == ["1 biases joined to the layer before"])
    #expect(areNear(try await network.run(eight), byChannel(swapped, { $0 + 10 }, { $0 + 20 })))
  }

  @Test func `a second bias is added to the first, one for all too, and one taken away`() async throws {
    let nodes = [
      node("Conv", ["x", "w", "v"], "conv"), node("Add", ["b", "conv"], "a"), node("Sub", ["a", "c"], "s"),
      node("Add", ["s", "one"], "y"),
    ]
    let constants = ["w": swap, "v": vector(1, 2), "b": channels(10, 20), "c": channels(5, 5), "one": number(1)]
    let network = try imported(tiny(nodes, constants))
    #expect(network.kinds == ["Conv2D"])
    #expect(network.parameters["conv/bias"]?.floats == [7, 18])
    #expect(areNear(try await network.run(eight), byChannel(swapped, { $0 + 7 }, { $0 + 18 })))
  }

  @Test func `a normalisation written out is a batch normalisation with its statistics`() async throws {
    let nodes = [
      node("Relu", ["x"], "r"), node("Sub", ["r", "mean"], "s"), node("Add", ["variance", "epsilon"], "v"),
      node("Sqrt", ["v"], "d"), node("Div", ["s", "d"], "n"), node("Mul", ["n", "gamma"], "m"),
      node("Add", ["m", "beta"], "y"),
    ]
    let constants = [
      "mean": channels(1, -2), "variance": channels(3.75, 0), "epsilon": number(0.25), "gamma": channels(2, 3),
      "beta": channels(0.5, -0.5),
    ]
    let network = try imported(tiny(nodes, constants))
    #expect(network.kinds == ["Activation", "BatchNormalization"])
    let name = try #require(network.layers.last?.name)
    #expect(network.parameters["\(name)/moving_mean"]?.floats == [1, -2])
    #expect(network.parameters["\(name)/gamma"]?.floats == [2, 3])
    #expect(network.parameters["\(name)/beta"]?.floats == [0.5, -0.5])
    #expect(areNear(network.parameters["\(name)/moving_variance"]?.floats ?? [], [4, 0.25], within: 1e-4))
    let rectified = eight.map { max($0, 0) }
    let expected = byChannel(rectified, { ($0 - 1) / 2 * 2 + 0.5 }, { ($0 + 2) / 0.5 * 3 - 0.5 })
    #expect(areNear(try await network.run(eight), expected))
  }

  @Test func `a product and a sum for each channel are a batch normalisation`() async throws {
    let nodes = [node("Conv", ["x", "w"], "conv"), node("Mul", ["conv", "a"], "m"), node("Add", ["m", "b"], "y")]
    let network = try imported(tiny(nodes, ["w": swap, "a": channels(2, -3), "b": channels(1, 1)]))
    #expect(network.kinds == ["Conv2D", "BatchNormalization"])
    #expect(areNear(try await network.run(eight), byChannel(swapped, { $0 * 2 + 1 }, { $0 * -3 + 1 })))
  }

  @Test func `a product alone is a batch normalisation without a shift`() async throws {
    let nodes = [node("Relu", ["x"], "r"), node("Mul", ["r", "a"], "y")]
    let network = try imported(tiny(nodes, ["a": channels(2, -3)]))
    #expect((network.layers.last as? BatchNormalization)?.usesShift == false)
    #expect(areNear(try await network.run(eight), byChannel(eight.map { max($0, 0) }, { $0 * 2 }, { $0 * -3 })))
  }

  @Test func `Caffe's scale after a batch normalisation joins it`() async throws {
    let nodes = [
      node("BatchNormalization", ["x", "g", "b", "m", "v"], "bn", ["epsilon": .float(0)]),
      node("Mul", ["bn", "scale"], "s"), node("Add", ["s", "shift"], "y"),
    ]
    let constants = [
      "g": vector(1, 2), "b": vector(0, 1), "m": vector(1, 2), "v": vector(4, 1), "scale": channels(3, -1),
      "shift": channels(0.5, 0.25),
    ]
    let network = try imported(tiny(nodes, constants))
    #expect(network.kinds == ["BatchNormalization"])
    #expect(network.parameters["bn/gamma"]?.floats == [3, -2])
    #expect(network.parameters["bn/beta"]?.floats == [0.5, -0.75])
    let expected = byChannel(eight, { ($0 - 1) / 2 * 3 + 0.5 }, { -(($0 - 2) * 2 + 1) + 0.25 })
    #expect(areNear(try await network.run(eight), expected))
  }

  @Test func `at the input it is a normalisation of images, which does not train`() async throws {
    let nodes = [node("Sub", ["x", "m"], "s"), node("Div", ["s", "d"], "y")]
    let network = try imported(tiny(nodes, ["m": channels(1, 2), "d": channels(0.5, 4)]))
    #expect(network.kinds == ["Normalization"])
    #expect(network.graph.parameters.isEmpty)
    #expect(areNear(try await network.run(eight), byChannel(eight, { ($0 - 1) / 0.5 }, { ($0 - 2) / 4 })))
  }

  @Test func `a product of matrices and a sum are a dense layer`() async throws {
    let nodes = [node("MatMul", ["x", "w"], "dense"), node("Add", ["dense", "b"], "y")]
    let kernel = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let network = try imported(tiny(nodes, ["w": kernel, "b": vector(1, 0, -1)], input: [2]))
    #expect(network.kinds == ["Dense"])
    #expect(network.parameters["dense/kernel"]?.shape == [3, 2])
    #expect(network.parameters["dense/kernel"]?.floats == [1, 4, 2, 5, 3, 6])
    #expect(try await network.run([1, 10]) == [42, 52, 62])
  }

  @Test func `Gemm with all its options is a dense layer`() async throws {
    let kernel = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    let options: [String: ONNXAttribute] = ["alpha": .float(0.5), "beta": .float(2), "transB": .integer(1)]
    let network = try imported(
      tiny([node("Gemm", ["x", "w", "b"], "y", options)], ["w": kernel, "b": vector(1)], input: [2]))
    #expect(network.kinds == ["Dense"])
    #expect(try await network.run([1, 10]) == [12.5, 23.5, 34.5])
  }

  @Test func `PyTorch's moving variance is unbiased`() throws {
    let nodes = [node("BatchNormalization", ["x", "g", "b", "m", "v"], "y")]
    let constants = Dictionary(uniqueKeysWithValues: ["g", "b", "m", "v"].map { ($0, vector(1, 1)) })
    for (producer, kind) in [("pytorch", BatchNormalization.MovingVariance.unbiased), ("tf2onnx", .biased)] {
      let network = try imported(tiny(nodes, constants, producer: producer))
      let layer = try #require(network.layers.first as? BatchNormalization)
      #expect(layer.movingVariance == kind)
      #expect(layer.epsilon == 1e-5)
      #expect(layer.momentum == 0.9)
    }
  }

  @Test func `half precision becomes float32`() async throws {
    let network = try imported(tiny([node("Conv", ["x", "w"], "y")], ["w": swap.converted(to: .float16)]))
    #expect(network.parameters["y/kernel"]?.dataType == .float32)
    #expect(areNear(try await network.run(eight), swapped))
  }
}

@Suite struct `A kernel in two places` {
  private func model(secondStrides: [Int]) -> ONNXModel {
    tiny(
      [
        node("Conv", ["x", "w"], "first"), node("Relu", ["first"], "r"),
        node("Conv", ["r", "w"], "second", ["strides": .integers(secondStrides)]), node("Relu", ["second"], "y"),
      ], ["w": swap])
  }

  @Test func `is one layer with two nodes`() async throws {
    let network = try imported(model(secondStrides: [1, 1]))
    let layers = network.layers.compactMap { $0 as? Conv2D }
    #expect(layers.map(\.name) == ["first", "first"])
    #expect(network.graph.parameterCount == 4)
    let once = swapped.map { max($0, 0) }
    let twice = Array(once.dropFirst(4)) + once.prefix(4).map { 2 * $0 }
    #expect(areNear(try await network.run(eight), twice.map { max($0, 0) }))
  }

  @Test func `whose layers differ otherwise is refused`() {
    #expect(
      message { _ = try imported(model(secondStrides: [2, 2])) }
        == "tiny.onnx cannot become a graph of layers: Conv (“second”): it shares the kernel “w” with “first” but "
        + "differs from it otherwise, so that the two cannot train as one layer")
  }
}
