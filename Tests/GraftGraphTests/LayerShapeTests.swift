import Foundation
import GraftGraph
import GraftTensors
import Testing

/// Shapes and parameters worked out by hand.
@Suite struct LayerShapeTests {
  private static let map: Shape = [6, 9, 7]

  @Test func `shapes follow from the options`() throws {
    let expected: [(any Layer, [Shape], Shape)] = [
      (DepthwiseConv2D("x", kernel: 3, strides: 2, padding: .same, multiplier: 2), [Self.map], [12, 5, 4]),
      (SeparableConv2D("x", filters: 10, kernel: 3, multiplier: 2), [Self.map], [10, 7, 5]),
      (MaxPooling2D("x", size: 2, rounding: .up), [Self.map], [6, 5, 4]),
      (Cropping2D("x", top: 1, bottom: 2, left: 0, right: 3), [Self.map], [6, 6, 4]),
      (StridedSlice2D("x", strides: 2), [Self.map], [6, 5, 4]),
      (ChannelPadding("x", before: 2, after: 3), [Self.map], [11, 9, 7]),
      (UpSampling2D("x", factors: Size2D(height: 2, width: 3)), [Self.map], [6, 18, 21]),
      (Reshape("x", shape: [9, 42], order: .channelsLast), [Self.map], [9, 42]),
      (Permute("x", axes: [2, 0, 1]), [Self.map], [7, 6, 9]),
      (Multiply("x"), [[6], Self.map], Self.map),
      (Add("x"), [Self.map, [6, 1, 1], [6]], Self.map),
      (BatchNormalization("x"), [[6]], [6]),
      (BatchNormalization("x"), [[6, 9]], [6, 9]),
      (Constant("x", shape: [6, 1]), [], [6, 1]),
      (Divide("x"), [[1, 9, 1], [6, 1, 7]], Self.map),
      (Multiply("x"), [[2, 1, 3, 1, 5], [1, 4, 1, 1, 5]], [2, 4, 3, 1, 5]),
      (Concatenate("x", axis: 2), [Self.map, [6, 9, 2], [6, 9, 1]], [6, 9, 10]),
      (Slice("x", axis: 1, begin: 1, end: 9, step: 3), [Self.map], [6, 3, 7]),
      (Slice("x", axis: 0, begin: 5, end: 6), [Self.map], [1, 9, 7]),
      (Pad("x", before: [1, 0, 2], after: [0, 3, 2], mode: .edge), [Self.map], [7, 12, 11]),
      (Reduction("x", .mean, axes: [0, 2], keepsDimensions: false), [Self.map], [9]),
      (Reduction("x", .max, axes: [2, 1], keepsDimensions: true), [Self.map], [6, 1, 1]),
      (Resize("x", to: .size(4), interpolation: .linear, coordinates: .halfPixel), [Self.map], [6, 4, 4]),
      (
        Resize("x", to: .factors(height: 1.5, width: 0.5), interpolation: .linear, coordinates: .asymmetric),
        [Self.map], [6, 13, 3]
      ),
      (GlobalAveragePooling2D("x", keepsDimensions: true), [Self.map], [6, 1, 1]),
      (GlobalMaxPooling2D("x", keepsDimensions: true), [Self.map], [6, 1, 1]),
      (MaxPooling2D("x", size: 3, strides: 2, dilation: 2, padding: .all(1)), [Self.map], [6, 4, 3]),
    ]
    for (layer, inputs, shape) in expected {
      #expect(try layer.outputShape(of: inputs) == shape, "\(layer)")
    }
  }

  @Test func `parameters have Keras's order and the layout that the engine expects`() throws {
    let separable = SeparableConv2D("sep", filters: 10, kernel: 3, multiplier: 2)
    let parameters = try separable.parameters(for: [Self.map])
    #expect(parameters.map(\.name) == ["sep/depthwise_kernel", "sep/pointwise_kernel", "sep/bias"])
    #expect(parameters.map(\.shape) == [[12, 1, 3, 3], [10, 12, 1, 1], [10]])
    #expect(parameters.map(\.role.isKernel) == [true, true, false])
    let norm = try BatchNormalization("bn").parameters(for: [Self.map])
    #expect(norm.map(\.name) == ["bn/gamma", "bn/beta", "bn/moving_mean", "bn/moving_variance"])
    #expect(norm.map(\.isStatistic) == [false, false, true, true])
    let fresh = Parameters.initialized(norm, seed: 1)
    #expect(norm.map { fresh[$0.name]?.floats.first } == [1, 0, 0, 1])
    let bare = BatchNormalization("bn", usesScale: false)
    #expect(try bare.parameters(for: [Self.map]).map(\.role) == [.beta, .movingMean, .movingVariance])
    let shared = PReLU("prelu", sharedAxes: [.height, .width])
    #expect(try shared.parameters(for: [Self.map]).map(\.shape) == [[6, 1, 1]])
    #expect(try PReLU("prelu").parameters(for: [Self.map]).map(\.shape) == [Self.map])
  }

  @Test func `a separable convolution costs what its two halves cost`() throws {
    // 12 channels of 3×3 and 10 filters of 12, at 7×5 positions.
    let separable = SeparableConv2D("x", filters: 10, kernel: 3, multiplier: 2)
    #expect(try separable.multiplyAdds(for: [Self.map]) == (12 * 9 + 12 * 10) * 35)
    #expect(try DepthwiseConv2D("x", kernel: 3, multiplier: 2).multiplyAdds(for: [Self.map]) == 12 * 9 * 35)
  }

  @Test func `every kind comes back from a saved graph`() throws {
    var graph = try LayerGraph(input: [4, 8, 8], name: "image")
    let layers: [any Layer] = [
      Rescaling("rescaling", scale: 0.5, offset: -1),
      Normalization("normalization", mean: [0, 1, 2, 3], variance: [1, 2, 3, 4]),
      DepthwiseConv2D("depthwise", kernel: 3, padding: .same, activation: .leakyReLU(slope: 0.25)),
      BatchNormalization("bn", epsilon: 0.5, momentum: 0.25, usesScale: false, movingVariance: .unbiased),
      SeparableConv2D("separable", filters: 6, kernel: 3, dilation: 2), PReLU("prelu", sharedAxes: [.height]),
      AveragePooling2D("average", size: 3, strides: 2, padding: .all(1), rounding: .up, countsPadding: true),
      UpSampling2D("larger", factors: 3, interpolation: .bilinear), SpatialDropout2D("dropout", rate: 0.5),
      LocalResponseNormalization("lrn", size: 3, alpha: 0.5, beta: 0.25, bias: 2),
      ChannelPadding("channels", before: 1, after: 2),
      StridedSlice2D("slice", strides: 2), Cropping2D("cropped", top: 1, bottom: 0, left: 0, right: 1),
      Permute("permuted", axes: [1, 0, 2]), Reshape("reshaped", shape: [9, 2, 8], order: .channelsFirst),
      Pad("framed", before: [0, 1, 0], after: [0, 0, 1], mode: .constant(0.5)),
      Pad("mirrored", before: [0, 1, 0], after: [0, 0, 1], mode: .reflect),
      Slice("part", axis: 1, begin: 1, end: 4, step: 2),
      Resize(
        "resized", to: .factors(height: 1.5, width: 2), interpolation: .nearest(.halfDown),
        coordinates: .pytorchHalfPixel),
      Resize("resized_again", to: .size(5), interpolation: .linear, coordinates: .alignCorners),
      Reduction("rows", .min, axes: [1], keepsDimensions: true),
      GlobalAveragePooling2D("pixel", keepsDimensions: true), GlobalMaxPooling2D("same_pixel", keepsDimensions: true),
      MaxPooling2D("dilated", size: 1, dilation: 2), UnitNormalization("directions"),
    ]
    for layer in layers { try graph.add(layer) }
    for layer in [Add("add"), Subtract("subtract"), Multiply("multiply")] as [any Layer] {
      try graph.add(layer, after: ["reshaped", "reshaped"])
    }
    for layer in [Maximum("maximum"), Minimum("minimum"), Average("mean")] as [any Layer] {
      try graph.add(layer, after: ["reshaped", "reshaped"])
    }
    try graph.add(Constant("constant", shape: [9, 1, 8]))
    try graph.add(Divide("divide"), after: ["reshaped", "constant"])
    try graph.add(Concatenate("stacked", axis: 2), after: ["divide", "reshaped"])
    let restored = try JSONDecoder().decode(LayerGraph.self, from: JSONEncoder().encode(graph))
    for (found, expected) in zip(restored.nodes, graph.nodes) {
      #expect(AnyHashable(found.layer) == AnyHashable(expected.layer))
      #expect(found.shape == expected.shape)
    }
    #expect(restored.nodes.count == graph.nodes.count)
  }

  @Test func `a layer that was saved before it had an option has the option's default`() throws {
    let saved = Data(#"{"name":"x"}"#.utf8)
    #expect(try JSONDecoder().decode(Concatenate.self, from: saved) == Concatenate("x"))
    #expect(try JSONDecoder().decode(GlobalAveragePooling2D.self, from: saved) == GlobalAveragePooling2D("x"))
    #expect(try JSONDecoder().decode(GlobalMaxPooling2D.self, from: saved) == GlobalMaxPooling2D("x"))
  }
}
