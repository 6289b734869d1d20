import Foundation
import GraftExport
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@Suite struct KerasExporterTests {
  @Test func `an HDF5 file is a whole model in the form of Keras 2`() throws {
    let keras = try KerasFile(
      exportedModel { graph in
        try graph.add(Conv2D("conv", filters: 3, kernel: 3, strides: 2, padding: .same, activation: .relu))
        try graph.add(GlobalAveragePooling2D("pool"))
        try graph.add(Dense("scores", units: 2, activation: .softmax))
      })
    #expect(keras.file.kind == .model)
    #expect(keras.file.kerasVersion == "2.15.0")
    #expect(keras.file.backend == "tensorflow")
    #expect(!keras.file.hasTrainingConfiguration)
    #expect(keras.names == ["image", "conv", "pool", "scores"])
    #expect(try keras.options("image")["batch_input_shape"] as? NSArray == [NSNull(), 7, 6, 4])
    let options = try keras.options("conv")
    #expect(options["kernel_size"] as? [Int] == [3, 3])
    #expect(options["strides"] as? [Int] == [2, 2])
    #expect(options["padding"] as? String == "same")
    #expect(options["activation"] as? String == "relu")
    #expect(try keras.feeds("scores") == [["pool 0"]])
    #expect(keras.weights.map(\.name) == ["image", "conv", "pool", "scores"])
    #expect(
      keras.weights.flatMap { $0.weights.map(\.name) } == [
        "conv/kernel:0", "conv/bias:0", "scores/kernel:0", "scores/bias:0",
      ])
  }

  @Test func `kernels have height and width first, and inputs before outputs`() throws {
    var model = try exportedModel(input: [2, 3, 3]) { graph in
      try graph.add(Conv2D("conv", filters: 3, kernel: Size2D(height: 1, width: 2), usesBias: false))
      try graph.add(Flatten("flatten", order: .channelsLast))
      try graph.add(Dense("dense", units: 2, usesBias: false))
    }
    // [O, I, H, W] = [3, 2, 1, 2] and [out, in] = [2, 18], counted.
    model.parameters["conv/kernel"] = Tensor((0..<12).map(Float.init), shape: [3, 2, 1, 2])
    model.parameters["dense/kernel"] = Tensor((0..<36).map(Float.init), shape: [2, 18])
    let weights = try KerasFile(model).weights.flatMap(\.weights)
    #expect(weights.map(\.tensor.shape) == [[1, 2, 2, 3], [18, 2]])
    #expect(weights[0].tensor.floats == [0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11])
    #expect(Array(weights[1].tensor.floats.prefix(4)) == [0, 18, 1, 19])
  }

  @Test func `a cosine head is a unit normalisation and a dense layer`() throws {
    let model = try exportedModel { graph in
      try graph.add(GlobalAveragePooling2D("pool"))
      try graph.add(UnitNormalization("unit"))
      try graph.add(UnitDense("cosines", units: 2, scale: 5))
    }
    let keras = try KerasFile(model)
    #expect(keras.kinds == ["GlobalAveragePooling2D", "UnitNormalization", "Dense"])
    #expect(try keras.options("cosines")["use_bias"] as? Bool == false)
    let kernel = try #require(keras.weights.flatMap(\.weights).first).tensor
    #expect(kernel.shape == [4, 2])
    let column = stride(from: 0, to: 8, by: 2).map { kernel.floats[$0] }
    #expect(abs(column.reduce(0) { $0 + $1 * $1 }.squareRoot() - 5) < 1e-5)
  }

  @Test func `a depthwise kernel has the outputs of a channel side by side`() throws {
    var model = try exportedModel(input: [2, 3, 3]) { graph in
      try graph.add(DepthwiseConv2D("depthwise", kernel: 1, multiplier: 3, usesBias: false))
    }
    model.parameters["depthwise/depthwise_kernel"] = Tensor((0..<6).map(Float.init), shape: [6, 1, 1, 1])
    let kernel = try #require(try KerasFile(model).weights.flatMap(\.weights).first)
    #expect(kernel.tensor.shape == [1, 1, 2, 3])
    #expect(kernel.tensor.floats == [0, 1, 2, 3, 4, 5])
  }

  @Test func `layers stand in the order in which Keras lists them, by which it finds the weights`() throws {
    let keras = try KerasFile(
      exportedModel { graph in
        try graph.add(Conv2D("short", filters: 4, kernel: 1), after: ["image"])
        try graph.add(Conv2D("long1", filters: 4, kernel: 1), after: ["image"])
        try graph.add(Conv2D("long2", filters: 4, kernel: 1), after: ["long1"])
        try graph.add(Add("sum"), after: ["short", "long2"])
      })
    // By their distance from the output: the short branch, though it came first, is as near as the end of the long one.
    #expect(keras.names == ["image", "long1", "short", "long2", "sum"])
    #expect(keras.weights.map(\.name) == keras.names)
  }

  @Test func `a layer that two nodes share is called twice`() throws {
    let keras = try KerasFile(
      exportedModel { graph in
        let shared = Conv2D("shared", filters: 4, kernel: 3, padding: .all(1))
        try graph.add(shared, after: ["image"], as: "once")
        try graph.add(shared, after: ["once"], as: "twice")
        try graph.add(Add("sum"), after: ["once", "twice"])
      })
    #expect(keras.names.filter { $0 == "shared" }.count == 1)
    #expect(try keras.feeds("shared") == [["once_pad 0"], ["twice_pad 0"]])
    #expect(try keras.feeds("twice_pad") == [["shared 0"]])
    #expect(try keras.feeds("sum") == [["shared 0", "shared 1"]])
  }

  @Test func `names lose what Keras does not allow in them, and stay apart`() throws {
    let keras = try KerasFile(
      exportedModel { graph in
        for name in ["/fire/squeeze:0", "fire_squeeze_0", "Größe", "///"] {
          try graph.add(Activation(name, .relu))
        }
      })
    #expect(keras.names == ["image", "fire_squeeze_0", "fire_squeeze_0_1", "Gr__e", "layer"])
  }

  @Test func `what leads to no output is left out`() throws {
    let keras = try KerasFile(
      exportedModel { graph in
        try graph.add(Activation("aside", .relu), after: ["image"])
        try graph.add(Activation("main", .tanh), after: ["image"])
      })
    #expect(keras.names == ["image", "main"])
  }

  @Test func `all layers that Keras has no form for are named, and nothing is written`() throws {
    let model = try exportedModel { graph in
      try graph.add(LocalResponseNormalization("norm"))
      try graph.add(Pad("mirror", before: [0, 1, 1], after: [0, 1, 1], mode: .reflect))
      try graph.add(Activation("root", .squareRoot))
    }
    let error = #expect(throws: ExportError.self) { try KerasFile(model) }
    #expect(
      error?.description
        == "Keras cannot express “norm” (LocalResponseNormalization): no layer of Keras does this; “mirror” (Pad): Keras "
        + "has no padding but with zeros; “root” (Activation): Keras has no activation squareRoot. Choose another --format"
    )
  }

  @Test func `numbers that are missing are named`() throws {
    var model = try exportedModel { try $0.add(Conv2D("conv", filters: 4, kernel: 3)) }
    model.parameters["conv/bias"] = nil
    #expect(throws: ExportError.missingParameter(name: "conv/bias", shape: [4])) { try KerasFile(model) }
  }
}
