import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct KernelOrderTests {
  /// A depthwise convolution of two outputs a channel: [H, W, in, multiplier] in the file.
  private func bind(_ stored: Shape) throws -> Parameters {
    var graph = try LayerGraph(input: [3, 4, 4])
    try graph.add(DepthwiseConv2D("dw", kernel: Size2D(height: 1, width: 2), multiplier: 2, usesBias: false))
    let kernel = Tensor((0..<12).map(Float.init), shape: stored)
    let file = KerasWeights(layers: [.init(name: "dw", weights: [(name: "dw/depthwise_kernel:0", tensor: kernel)])])
    return try KerasBinder(file: file, fileName: "tiny.h5", graph: graph).bind().parameters
  }

  @Test func `a depthwise kernel's outputs lie side by side, channel after channel`() throws {
    let kernel = try #require(try bind([1, 2, 3, 2])["dw/depthwise_kernel"])
    #expect(kernel.shape == [6, 1, 1, 2])
    // Output 2c + m at the column x is number 6x + 2c + m of the file.
    #expect(kernel.floats == [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
  }

  @Test func `a depthwise kernel of another multiplier is refused`() {
    #expect(
      message { _ = try bind([1, 2, 6, 1]) }
        == "“dw/dw/depthwise_kernel:0” in tiny.h5 has the shape [1, 2, 6, 1], but layer “dw” needs [1, 2, 3, 2]. "
        + "The layer is wider or narrower: the file is probably of another width, or of another network")
  }

  @Test func `a pointwise kernel is turned like any convolution's`() {
    let parameter = ParameterSpecification(
      layer: "sep", role: .pointwiseKernel, shape: [4, 3, 1, 1], initializer: .zeros)
    #expect(KernelOrder.tensorFlow.fileShape(of: parameter) == [1, 1, 3, 4])
    let stored = Tensor((0..<12).map(Float.init), shape: [1, 1, 3, 4])
    #expect(KernelOrder.tensorFlow.logical(stored, for: parameter).floats == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
  }
}
