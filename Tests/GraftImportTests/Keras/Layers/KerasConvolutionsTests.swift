import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct KerasConvolutionsTests {
  @Test func `Keras 1, Keras 2 and Keras 3 say the same convolution in their own words`() throws {
    let early = try KerasText.converted(
      "Convolution2D",
      #""nb_filter": 4, "nb_row": 3, "nb_col": 2, "subsample": [2, 1], "border_mode": "same", "bias": false, "activation": "relu""#
    )
    let late = try KerasText.converted(
      "Conv2D",
      #""filters": 4, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "use_bias": false, "activation": {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}"#
    )
    let expected = Conv2D(
      "x", filters: 4, kernel: Size2D(height: 3, width: 2), strides: Size2D(height: 2, width: 1), padding: .same,
      usesBias: false, activation: .relu)
    #expect(early.layer as? Conv2D == expected)
    #expect(late.layer as? Conv2D == expected)
  }

  @Test func `a depthwise convolution with groups in its configuration is what it is without`() throws {
    let found = try KerasText.converted(
      "DepthwiseConv2D", #""kernel_size": [3, 3], "groups": 1, "depth_multiplier": 2, "dilation_rate": [2, 2]"#)
    #expect(found.layer as? DepthwiseConv2D == DepthwiseConv2D("x", kernel: 3, dilation: 2, multiplier: 2))
    #expect(found.shape == [6, 2, 2])
  }

  @Test func `Theano pads by half the kernel, whatever the stride`() throws {
    let options = #""filters": 1, "kernel_size": [4, 3], "strides": [2, 2], "padding": "same""#
    let found = try KerasText.converted("Conv2D", options, version: "2.1.3", theano: true)
    #expect(
      (found.layer as? Conv2D)?.window.padding == .explicit(top: 2, bottom: 1, left: 1, right: 1))
    #expect(found.shape == [1, 3, 3])
  }

  @Test func `options that make no sense are refused`() throws {
    #expect(try KerasText.converted("Conv2D", #""filters": 4"#).problems == ["its option “kernel_size” is missing"])
    #expect(
      try KerasText.converted("Conv2D", #""filters": 4, "kernel_size": [3, 99999999999]"#).problems
        == ["its option “kernel_size” is [3, 99999999999], not one or two whole numbers"])
    #expect(
      try KerasText.converted("Conv2D", #""filters": 4, "kernel_size": 0"#).problems
        == ["its option “kernel_size” is 0×0, and 1×1 is the least"])
    #expect(
      try KerasText.converted("Conv2D", #""filters": 4, "kernel_size": 3, "padding": "causal""#).problems
        == ["its padding is “causal”, and “valid” and “same” are known"])
    #expect(
      try KerasText.converted("Conv2D", #""filters": 4, "kernel_size": 3"#, input: "12").problems
        == ["it takes feature maps, and its input has 1 dimensions without the batch"])
  }
}
