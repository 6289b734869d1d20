import GraftGraph
import GraftTensors
import Testing

/// Each mistake in words.
@Suite struct LayerMistakeTests {
  private static let map: Shape = [6, 9, 7]

  @Test func `options and inputs that do not suit a layer are named`() throws {
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
