import Foundation
import GraftGraph
import GraftTensors
import Testing

/// Shapes and parameters worked out by hand, and each mistake in words.
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
      MaxPooling2D("dilated", size: 1, dilation: 2),
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

  @Test func `mistakes are named`() throws {
    let expected: [(any Layer, [Shape], String)] = [
      (
        DepthwiseConv2D("x", kernel: 3, multiplier: 0), [Self.map],
        "layer “x” (DepthwiseConv2D) has multiplier 0; expected at least 1"
      ),
      (
        SeparableConv2D("x", filters: 0, kernel: 3), [Self.map],
        "layer “x” (SeparableConv2D) has filters 0; expected at least 1"
      ),
      (
        BatchNormalization("x", epsilon: -1), [Self.map],
        "layer “x” (BatchNormalization) has epsilon -1.0; expected 0 or more"
      ),
      (
        BatchNormalization("x", momentum: 2), [Self.map],
        "layer “x” (BatchNormalization) has momentum 2.0; expected 0 to 1"
      ),
      (
        BatchNormalization("x"), [[2, 3, 4, 5]],
        "layer “x” (BatchNormalization) takes a feature map [C, H, W], a sequence [C, L] or a vector [C], but its input has "
          + "the shape [2, 3, 4, 5]"
      ),
      (
        Cropping2D("x", top: 5, bottom: 4, left: 0, right: 0), [Self.map],
        "layer “x” (Cropping2D) has cropping 5, 4, 0, 0; expected no negative number, and less than the 9×7 of its input"
      ),
      (
        ChannelPadding("x", before: -1, after: 0), [Self.map],
        "layer “x” (ChannelPadding) has padding -1, 0; expected no negative number"
      ),
      (
        StridedSlice2D("x", strides: 0), [Self.map],
        "layer “x” (StridedSlice2D) has strides 0×0; expected at least 1×1"
      ),
      (
        UpSampling2D("x", factors: 0), [Self.map], "layer “x” (UpSampling2D) has factors 0×0; expected at least 1×1"
      ),
      (
        Reshape("x", shape: [5], order: .channelsLast), [Self.map],
        "layer “x” (Reshape) has shape [5]; expected 378 elements, as its input [6, 9, 7] has"
      ),
      (
        Permute("x", axes: [0, 1, 1]), [Self.map],
        "layer “x” (Permute) has axes [0, 1, 1]; expected each of the 3 axes of its input [6, 9, 7] once"
      ),
      (
        LocalResponseNormalization("x", size: 4), [Self.map],
        "layer “x” (LocalResponseNormalization) has size 4; expected an odd number of channels"
      ),
      (
        Normalization("x", mean: [1], variance: [1]), [Self.map],
        "layer “x” (Normalization) has mean [1.0]; expected 6 numbers, one for each channel"
      ),
      (
        Normalization("x", mean: [1], variance: [-1]), [[1]],
        "layer “x” (Normalization) has variance [-1.0]; expected no negative number"
      ),
      (
        SpatialDropout2D("x", rate: 1), [Self.map],
        "layer “x” (SpatialDropout2D) has rate 1.0; expected 0 or more and less than 1"
      ),
      (
        Concatenate("x", axis: 3), [Self.map, Self.map],
        "layer “x” (Concatenate) has axis 3; expected one of the 3 axes of its input [6, 9, 7]"
      ),
      (
        Concatenate("x", axis: 1), [Self.map, [6, 9, 8]],
        "layer “x” (Concatenate) joins inputs that do not fit together: [6, 9, 7] and [6, 9, 8]"
      ),
      (
        Concatenate("x"), [Self.map, [6, 9]],
        "layer “x” (Concatenate) joins inputs that do not fit together: [6, 9, 7] and [6, 9]"
      ),
      (
        Slice("x", axis: 3, begin: 0, end: 1), [Self.map],
        "layer “x” (Slice) has axis 3; expected one of the 3 axes of its input [6, 9, 7]"
      ),
      (
        Slice("x", axis: 1, begin: 2, end: 10), [Self.map],
        "layer “x” (Slice) has range 2..<10 by 1; expected one within 0..<9"
      ),
      (
        Pad("x", before: [0, 9, 0], after: [0, 0, 0], mode: .reflect), [Self.map],
        "layer “x” (Pad) has before 9; expected less than the 9 elements that there are to mirror"
      ),
      (
        Pad("x", before: [0, 0, 0], after: [0, -1, 0], mode: .edge), [Self.map],
        "layer “x” (Pad) has after [0, -1, 0]; expected a number from 0 on for each of the 3 axes of its input [6, 9, 7]"
      ),
      (
        Reduction("x", .sum, axes: [0, 0], keepsDimensions: true), [Self.map],
        "layer “x” (Reduction) has axes [0, 0]; expected some of the axes of its input [6, 9, 7], each once"
      ),
      (
        Resize("x", to: .size(0), interpolation: .linear, coordinates: .halfPixel), [Self.map],
        "layer “x” (Resize) has target 0.0×0.0; expected at least one element along each axis"
      ),
      (
        Resize(
          "x", to: .factors(height: .nan, width: 2), interpolation: .linear, coordinates: .halfPixel), [Self.map],
        "layer “x” (Resize) has target nan×14.0; expected at least one element along each axis"
      ),
      (Constant("x", shape: [0]), [], "layer “x” (Constant) has shape [0]; expected at least 1 along each axis"),
      (Constant("x", shape: [1]), [[1]], "layer “x” (Constant) takes no input, but 1 were given"),
      (
        Divide("x"), [Self.map, [6, 2, 7]],
        "layer “x” (Divide) joins inputs that do not fit together: [6, 9, 7] and [6, 2, 7]"
      ),
      (Activation("x", .celu(alpha: -1)), [[1]], "layer “x” (Activation) has alpha -1.0; expected a number above 0"),
      (
        MaxPooling2D("x", size: 2, padding: .explicit(top: 0, bottom: 2, left: 0, right: 0)), [Self.map],
        "layer “x” (MaxPooling2D) has padding 0, 2, 0, 0; expected less than its window of 2×2"
      ),
      (
        AveragePooling2D("x", size: 2, dilation: 8, padding: .all(1)), [Self.map],
        "layer “x” (AveragePooling2D) has dilation 8×8; expected at most its input's 9×7, as it is padded"
      ),
      (
        Conv2D("x", filters: 1, kernel: 3, dilation: Size2D(.max)), [Self.map],
        "layer “x” (Conv2D) has dilation 9223372036854775807×9223372036854775807; expected at most 1048576×1048576"
      ),
      (
        ZeroPadding2D("x", top: 0, bottom: .max, left: 0, right: 0), [Self.map],
        "layer “x” (ZeroPadding2D) has padding 0, 9223372036854775807, 0, 0; expected no number above 1048576"
      ),
      (
        Cropping2D("x", top: .max, bottom: .max, left: 0, right: 0), [Self.map],
        "layer “x” (Cropping2D) has cropping 9223372036854775807, 9223372036854775807, 0, 0; expected no negative "
          + "number, and less than the 9×7 of its input"
      ),
      (Subtract("x"), [[1], [1], [1]], "layer “x” (Subtract) takes two inputs, but 3 were given"),
      (Add("x"), [[1]], "layer “x” (Add) takes two inputs or more, but 1 were given"),
      (
        Multiply("x"), [Self.map, [5]],
        "layer “x” (Multiply) joins inputs that do not fit together: [6, 9, 7] and [5]"
      ),
    ]
    for (layer, inputs, message) in expected {
      let error = #expect(throws: GraphError.self) { try layer.outputShape(of: inputs) }
      #expect(error?.description == message)
    }
  }
}
