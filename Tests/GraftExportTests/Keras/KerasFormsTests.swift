import GraftExport
import GraftGraph
import GraftTensors
import Testing

/// Which layers of Keras stand for one of Graft's. That they compute the same is what `tools/conformance --export` shows.
@Suite struct `Forms in Keras` {
  private static func kinds(_ layer: some Layer, rectified: Bool = false) throws -> [String] {
    try KerasFile(
      exportedModel { graph in
        if rectified { try graph.add(Activation("relu", .relu)) }
        try graph.add(layer)
      }
    ).kinds
  }

  @Test func `padding in numbers is a layer of its own`() throws {
    #expect(
      try Self.kinds(Conv2D("conv", filters: 2, kernel: 3, padding: .all(1))) == ["ZeroPadding2D", "Conv2D"])
    #expect(try Self.kinds(Conv2D("conv", filters: 2, kernel: 3, padding: .all(0))) == ["Conv2D"])
  }

  @Test func `strides that Keras's layer does not take come after it`() throws {
    #expect(
      try Self.kinds(Conv2D("conv", filters: 2, kernel: 3, strides: 2, dilation: 2)) == ["Conv2D", "MaxPooling2D"])
    #expect(
      try Self.kinds(DepthwiseConv2D("conv", kernel: 3, strides: Size2D(height: 1, width: 2)))
        == ["DepthwiseConv2D", "MaxPooling2D"])
  }

  @Test func `a maximum is padded with zeros only where they cannot win`() throws {
    let pool = MaxPooling2D("pool", size: 3, strides: 2, padding: .all(1))
    #expect(try Self.kinds(pool, rectified: true) == ["Activation", "ZeroPadding2D", "MaxPooling2D"])
    #expect(try Self.kinds(pool) == ["MaxPooling2D", "MaxPooling2D"])
    let even = MaxPooling2D("pool", size: 2, strides: 2, padding: .all(1))
    #expect(try Self.kinds(even, rectified: true) == ["Activation", "ZeroPadding2D", "MaxPooling2D"])
    let error = #expect(throws: ExportError.self) { try Self.kinds(even) }
    #expect(
      error?.description
        == "Keras cannot express “pool” (MaxPooling2D): Keras has no such padding of a pooling: 1, 1, 1, 1. Choose another "
        + "--format")
  }

  @Test func `rounding up that changes nothing is left out`() throws {
    // 7 × 6: by 3 with a stride of 2, the last window of the width is not filled.
    let filled = MaxPooling2D("pool", size: Size2D(height: 3, width: 2), strides: 2, rounding: .up)
    #expect(try Self.kinds(filled) == ["MaxPooling2D"])
    let unfilled = MaxPooling2D("pool", size: 3, strides: 2, rounding: .up)
    #expect(try Self.kinds(unfilled, rectified: true) == ["Activation", "ZeroPadding2D", "MaxPooling2D"])
    #expect(try Self.kinds(unfilled) == ["MaxPooling2D", "Cropping2D", "MaxPooling2D"])
  }

  @Test func `flattening with the channels first turns the axes first`() throws {
    #expect(try Self.kinds(Flatten("flatten", order: .channelsFirst)) == ["Permute", "Flatten"])
    #expect(try Self.kinds(Flatten("flatten", order: .channelsLast)) == ["Flatten"])
  }

  @Test func `channels are padded and sliced as a width`() throws {
    #expect(
      try Self.kinds(ChannelPadding("pad", before: 1, after: 1)) == ["Reshape", "ZeroPadding2D", "Reshape"])
    #expect(
      try Self.kinds(Slice("slice", axis: 0, begin: 1, end: 3)) == ["Reshape", "Cropping2D", "Reshape"])
  }

  @Test func `functions whose numbers differ between Keras's versions are composed`() throws {
    #expect(try Self.kinds(Activation("gate", .hardSigmoid())) == ["Rescaling", "ReLU"])
    #expect(
      try Self.kinds(Conv2D("conv", filters: 2, kernel: 1, activation: .hardSwish))
        == ["Conv2D", "Rescaling", "ReLU", "Multiply"])
    #expect(try Self.kinds(Activation("leaky", .leakyReLU(slope: 0.3))) == ["ReLU"])
    #expect(throws: ExportError.self) { try Self.kinds(Activation("leaky", .leakyReLU(slope: -0.3))) }
  }

  @Test func `a constant of the channels is a rescaling, and any other is refused`() throws {
    func model(_ shape: Shape) throws -> ExportedModel {
      var model = try exportedModel { graph in
        try graph.add(Constant("numbers", shape: shape))
        try graph.add(Subtract("difference"), after: ["numbers", "image"])
      }
      model.parameters["numbers/value"] = Tensor((0..<shape.count).map(Float.init), shape: shape)
      return model
    }
    let keras = try KerasFile(model([4, 1, 1]))
    #expect(keras.kinds == ["Rescaling"])
    #expect(try keras.options("difference")["scale"] as? Double == -1)
    #expect(try keras.options("difference")["offset"] as? [Double] == [0, 1, 2, 3])
    let error = #expect(throws: ExportError.self) { try KerasFile(model([1, 7, 6])) }
    #expect(
      error?.description
        == "Keras cannot express “difference” (Subtract): Keras has no constants but those of channels, and this one is "
        + "[1, 7, 6]. Choose another --format")
  }

  @Test func `a size between pixels' centres is Keras's own, other ways are refused`() throws {
    let size = Resize.Target.size(Size2D(height: 14, width: 12))
    #expect(
      try Self.kinds(Resize("resize", to: size, interpolation: .linear, coordinates: .halfPixel)) == ["Resizing"])
    #expect(
      try Self.kinds(Resize("resize", to: size, interpolation: .nearest(.down), coordinates: .asymmetric))
        == ["Resizing"])
    #expect(throws: ExportError.self) {
      try Self.kinds(Resize("resize", to: size, interpolation: .linear, coordinates: .alignCorners))
    }
    #expect(throws: ExportError.self) {
      try Self.kinds(Resize("resize", to: size, interpolation: .nearest(.up), coordinates: .asymmetric))
    }
  }
}
